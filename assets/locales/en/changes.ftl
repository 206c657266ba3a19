# Plans, as they are shown before anything is done, and what became of them.

step-make-file = A new file is made: { $path }
step-change-file = This file is changed: { $path }
step-remove-file = This file is removed: { $path }
step-set-aside = { $path } gets another name in its own folder: { $name }
step-mode = Who may open { $path } is changed (mode { $before } becomes { $after })
step-make-user-variable = Your Windows variable { $name } is set
step-change-user-variable = Your Windows variable { $name } gets another value
step-remove-user-variable = Your Windows variable { $name } is taken away
step-open = This page is opened in your browser: { $url }

plan-line = line { $number }
plan-for-good = This step cannot be undone.
plan-undoable = All of it can be undone.
plan-stays = What was found would still be there afterwards. Nothing is changed.
plan-uncovers = Afterwards something else would be in the way: { $headline }
plan-nothing-done = Nothing was done. To do it, add --yes.
plan-by-hand = Authlight does none of this by itself.

change-done = Done, and looked at again: what was found is gone. (Change { $change })
change-how-to-undo = To take it back: authlight undo
change-still = It was done, but what was found is still there. So all of it was taken back.
change-new = It was done, but then something else was in the way: { $headline } So all of it was taken back.

undo-done = Taken back: { $what } (change { $change })
undo-left = Left as it is now: { $path }
undo-choice = { $path } has changed since then. To leave it as it is now: --changed keep. To put back what was there before: --changed put-back (how it is now is kept in the backups).
undo-for-good = This part cannot be taken back: { $command }

history-none = Authlight has changed nothing on this computer.
history-line = { $utc }  { $change }  { $what }  ({ $state })
history-state-begun = not finished
history-state-done = done
history-state-rolled_back = taken back at once
history-state-rolled_back_in_part = taken back, but for files that something else had changed
history-state-undoing = undo not finished
history-state-undone = undone
history-newer = { $utc }  { $change }  (made by a newer Authlight, which alone can undo it)
history-file = { $path }
history-backups = Backups take { $kilobytes } kB. They can hold keys. To delete them: authlight history --delete-backups
history-backups-deleted = The backups are deleted. What they belonged to cannot be undone any more.

recovered-taken-back = An earlier change was cut off in the middle. All of it is as it was before. (Change { $change })
recovered-undone = An undo was cut off in the middle. It is done now. (Change { $change })
recovered-left = An earlier change was cut off in the middle. It is taken back, but for what something else has changed meanwhile. (Change { $change })
recovered-unfinished = An earlier change was cut off in the middle and cannot be taken back yet. (Change { $change }) { $why }
