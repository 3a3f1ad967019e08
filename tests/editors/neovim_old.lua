-- A session in Neovim 0.7, where a client has to ask for a code action itself.
local M = dofile(os.getenv("COMMON"))

local function actions(only)
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(), only = only }
  local found = {}
  for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 10000) or {}) do
    for _, action in ipairs(answer.result or {}) do
      table.insert(found, action)
    end
  end
  return found
end

M.run(function()
  dofile(os.getenv("SETUP"))
  vim.cmd("filetype on")
  vim.cmd("edit app.py")
  M.wait_for_findings(1)
  M.told.found = M.found()
  vim.api.nvim_win_set_cursor(0, { 5, 14 })
  M.told.fixed = M.changed("the quick fix", function()
    for _, action in ipairs(actions({ "quickfix" })) do
      if action.isPreferred then
        vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
      end
    end
  end)
  M.wait_for_findings(0)
  M.told.undone = M.undone()
  M.wait_for_findings(1)
  M.told.all = M.changed("fixing all", function()
    for _, action in ipairs(actions({ "source.fixAll" })) do
      local answers = vim.lsp.buf_request_sync(0, "codeAction/resolve", action, 10000)
      for _, answer in pairs(action.edit and { { result = action } } or answers) do
        vim.lsp.util.apply_workspace_edit(answer.result.edit, "utf-16")
      end
    end
  end)
  M.wait_for_findings(0)
end)
