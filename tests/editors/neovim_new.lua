-- A session in Neovim 0.11: the set-up of docs/editors.md, then what a user does.
local M = dofile(os.getenv("COMMON"))

M.run(function()
  dofile(os.getenv("SETUP"))
  dofile(os.getenv("LENSES"))
  vim.cmd("filetype on")
  vim.cmd.edit("app.py")
  M.wait_for_findings(1)
  M.told.found = M.found()
  M.wait("a code lens", function()
    return #vim.lsp.codelens.get(0) > 0
  end)
  M.told.lens = vim.lsp.codelens.get(0)[1].command.title
  vim.api.nvim_win_set_cursor(0, { 5, 14 })
  M.told.fixed = M.changed("the quick fix", function()
    vim.lsp.buf.code_action({
      apply = true,
      filter = function(action)
        return action.isPreferred
      end,
    })
  end)
  M.wait_for_findings(0)
  M.told.undone = M.undone()
  M.wait_for_findings(1)
  M.told.all = M.changed("fixing all", function()
    dofile(os.getenv("FIX_ALL"))
  end)
  M.wait_for_findings(0)
  M.told.undone_again = M.undone()
  M.wait_for_findings(1)
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "", "# typed" })
  M.wait("the finding on its new line", function()
    local found = M.found()
    return #found == 1 and found[1].line == 6
  end)
  M.told.disabled = M.changed("the comment", function()
    vim.api.nvim_win_set_cursor(0, { 7, 14 })
    vim.lsp.buf.code_action({
      apply = true,
      filter = function(action)
        return action.title == "LMB101: Disable for this line"
      end,
    })
  end)
  M.wait_for_findings(0)
  local place = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = 6, character = 14 } }
  place.position.character = #vim.api.nvim_buf_get_lines(0, 6, 7, false)[1] - 2
  local answers = vim.lsp.buf_request_sync(0, "textDocument/hover", place, 10000)
  for _, answer in pairs(answers or {}) do
    M.told.hover = answer.result and answer.result.contents.value
  end
end)
