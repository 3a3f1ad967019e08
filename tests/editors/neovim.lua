-- What the Neovim scripts share: waiting, the buffer's text, and an end in any case.
local M = { told = {} }

function M.wait(what, ready)
  if not vim.wait(30000, ready, 20) then
    error("timed out: " .. what)
  end
end

function M.text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n"
end

function M.found()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { code = one.code, line = one.lnum, column = one.col, severity = one.severity, source = one.source })
  end
  return found
end

function M.wait_for_findings(count)
  M.wait(count .. " findings", function()
    return #vim.diagnostic.get(0) == count
  end)
end

-- Do something that changes the text; its new text.
function M.changed(what, work)
  local before = M.text()
  work()
  M.wait(what, function()
    return M.text() ~= before
  end)
  return M.text()
end

function M.undone()
  vim.cmd("silent undo")
  return M.text()
end

function M.run(work)
  local fine, problem = pcall(work)
  if not fine then
    M.told.error = tostring(problem)
  end
  local file = assert(io.open(os.getenv("RESULT"), "w"))
  file:write(vim.fn.json_encode(M.told))
  file:close()
  vim.cmd("qa!")
end

return M
