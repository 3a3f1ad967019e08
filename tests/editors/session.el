;;; What a user does in Emacs, after the set-up of docs/editors.md.  -*- lexical-binding: t -*-

(require 'json)
(require 'project)
(require 'eglot)

(defvar told nil "What is written for the test, as an alist.")

(defun tell (key value) (push (cons key value) told))

(defun text () (buffer-substring-no-properties (point-min) (point-max)))

(defun wait-for (what ready)
  (with-timeout (30 (error "timed out: %s" what))
    (while (not (funcall ready))
      (accept-process-output nil 0.05))))

(defun wait-for-findings (count)
  ;; Idle timers don't run in batch mode: what they would do is done here.
  (eglot--signal-textDocument/didChange)
  (wait-for (format "%d findings" count)
            (lambda ()
              (flymake-start)
              (= count (length (flymake-diagnostics))))))

(defun undo-change (before)
  (undo-boundary)
  (setq last-command nil)
  (while (not (equal (text) before))
    (undo 1)
    (setq last-command 'undo))
  (text))

(defun session ()
  (load (getenv "SETUP") nil t)
  (find-file "app.py")
  (setq eglot-sync-connect t)
  (apply #'eglot (eglot--guess-contact))
  (flymake-mode 1)
  (let ((before (text)))
    (wait-for-findings 1)
    (let ((one (car (flymake-diagnostics))))
      (tell 'found (flymake-diagnostic-text one))
      (tell 'at (buffer-substring-no-properties (flymake-diagnostic-beg one) (flymake-diagnostic-end one)))
      (dolist (action (eglot-code-actions (flymake-diagnostic-beg one) (flymake-diagnostic-end one) "quickfix"))
        (when (eq (plist-get action :isPreferred) t)
          (eglot--apply-workspace-edit (plist-get action :edit)))))
    (tell 'fixed (text))
    (wait-for-findings 0)
    (tell 'undone (undo-change before))
    (wait-for-findings 1)
    (lambdalint-fix-all)
    (tell 'all (text))
    (wait-for-findings 0)))

(condition-case problem
    (session)
  (error (tell 'error (format "%S" problem))))
(with-temp-file (getenv "RESULT")
  (insert (json-encode told)))
(set-buffer-modified-p nil)
(kill-emacs 0)
