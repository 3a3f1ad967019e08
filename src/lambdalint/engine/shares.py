"""A project's files checked part by part: in this process, or in several at once.

Both ways do the same work in the same pieces, so they give the same answers. What goes wrong in
a piece, be it that its process is killed, is a finding of the files concerned, and of no others.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lambdalint import heap
from lambdalint.engine import check, stored
from lambdalint.engine.batches import Answered, At, Batch, Declared, Questions, Read, Share, Strayed
from lambdalint.engine.kept import Kept, Outcome
from lambdalint.engine.pool import Pool, Send, can_fork
from lambdalint.engine.run import Checker, display
from lambdalint.findings import Finding
from lambdalint.semantics.part import Part

if TYPE_CHECKING:
    from lambdalint.engine.asked import Question
    from lambdalint.semantics.declared import Unresolved
    from lambdalint.source import Source

Answer = tuple[list[Finding], "Source | None"]
Progress = Callable[[int, int], None]
# Measured in the bytes of the files that are analysed; a million take some seven seconds.
_BATCH = 300_000  # so much is given to a process at once, so that starting it costs little beside
_PAYS = 150_000  # below, one process is as quick
_PLAIN = 25  # a file that is only asked whether it is Python costs a part of one that is analysed: one in so many
LARGE = 600_000  # of such a part the syntax trees aren't held: they take twice the memory that its model takes
_ENDED = "the process that did it ended ({})"
_ROUNDS = 3  # of finding parts that load each other's code, before all of them are taken as one


class Shares:
    """The answers for the files at `paths`, and the declarations of `templates` that came to nothing."""

    def __init__(
        self, checker: Checker, paths: Sequence[str], templates: Collection[str], jobs: int, progress: Progress | None
    ) -> None:
        self.answers: dict[str, Answer] = {}
        self._checker = checker
        self._workspace = checker.workspace
        self._paths = paths
        self._templates = frozenset(templates)
        self._jobs = jobs
        self._progress = progress
        self._strayed: dict[Part, frozenset[str]] = {}
        self._declared: dict[Part, list[Unresolved]] = {}
        self._asked: dict[Part, set[Question]] = {}
        self._kept: Kept | None = checker.memory.kept if checker.memory is not None else None

    def run(self) -> None:
        if not self._workspace.has_handlers():
            self._do(self._shares((), plain=True))
            return
        from lambdalint.engine.parts import Parts

        parts = Parts(self._workspace)
        known: frozenset[Part] = frozenset()
        seen: set[Part] = set()
        for round_ in range(_ROUNDS + 1):
            found = parts.all()
            seen.update(found)
            self._do(self._shares([part for part in found if part not in known], plain=not round_))
            if not self._strayed:
                break
            known = frozenset(found) - self._strayed.keys()
            for part, paths in self._strayed.items():
                parts.join(part, paths if round_ < _ROUNDS - 1 else self._workspace.modules.files)
            self._strayed = {}
        if self._kept is not None:
            self._kept.there = seen

    @property
    def unresolved(self) -> list[Unresolved]:
        """The declarations that came to nothing, in the order of the descriptions."""
        from lambdalint.semantics.declared import why_unresolved

        workspace = self._workspace
        nowhere = [
            why_unresolved(function, None, workspace.modules)
            for function in workspace.functions
            if function.handler and not workspace.file_of(function)
        ]
        order = {function: index for index, function in enumerate(workspace.functions)}
        return sorted(
            [*nowhere, *dict.fromkeys(one for part in self._declared.values() for one in part)],
            key=lambda one: order[one.deployed],
        )

    # --- what is to be done ------------------------------------------------------------------

    def _shares(self, parts: Iterable[Part], plain: bool) -> Iterator[Share]:
        places = {path: number for number, path in enumerate(self._paths)}
        for part in parts:
            own = tuple(sorted(part.files & places.keys(), key=places.__getitem__))
            for path in own:
                del places[path]
            asked_for = own or any(function.template in self._templates for function in part.functions)
            if asked_for and not self._known(part, own):
                yield Share(part, own, sum(map(self._workspace.size, part.files)))
        if plain:
            rest = tuple(path for path in places if not self._known_plain(path))
            sizes = [self._workspace.size(path) for path in rest]
            step = max(1, len(rest) // max(1, sum(sizes) // (_BATCH * _PLAIN // 4)))
            for start in range(0, len(rest), step):
                end = start + step
                yield Share(Part(), rest[start:end], sum(sizes[start:end]) // _PLAIN)

    def _known(self, part: Part, paths: Collection[str]) -> bool:
        """Take over what an earlier run found of a part; False where some of it isn't known."""
        outcome = self._kept.part(part) if self._kept is not None else None
        if outcome is None or not (outcome.strayed or outcome.answers.keys() >= set(paths)):
            return False
        if outcome.strayed:
            self._strayed[part] = outcome.strayed
            return True
        self._declared[part] = outcome.declared(part)
        for path in paths:
            self._take(path, outcome.answers[path])
        return True

    def _known_plain(self, path: str) -> bool:
        answer = self._kept.plain(path) if self._kept is not None else None
        if answer is not None:
            self._take(path, answer)
        return answer is not None

    def _take(self, path: str, answer: stored.Answer) -> None:
        findings, shown_with = answer
        text = self._checker.text_of(shown_with) if findings and shown_with is not None else None
        self._answer(Answered(path, findings, text))

    def _keep(self, shares: Iterable[Share]) -> None:
        """Keep what came of some shares for later runs."""
        if self._kept is None:
            return
        for share in shares:
            part = share.part
            found = {
                path: self._checker.with_text(path, self.answers[path]) for path in share.paths if path in self.answers
            }
            if not part.handlers:
                for path, answer in found.items():
                    self._kept.keep_plain(path, answer)
            elif part in self._asked:
                outcome = Outcome.of(part, found, self._strayed.get(part, frozenset()), self._declared.get(part, ()))
                self._kept.keep_part(part, outcome, self._asked[part])

    def _do(self, shares: Iterable[Share]) -> None:
        """Do some shares, the largest first."""
        todo = sorted(shares, key=lambda share: -share.weight)
        self._share_out(todo)
        self._keep(todo)

    def _share_out(self, shares: Iterable[Share]) -> None:
        batches: list[Batch] = []
        room = 0
        for share in shares:
            if not batches or share.weight > room:
                batches.append(Batch([]))
                room = _BATCH
            batches[-1].shares.append(share)
            room -= share.weight
        weight = sum(share.weight for batch in batches for share in batch.shares)
        if min(self._jobs, len(batches)) > 1 and weight > _PAYS and can_fork():
            if any(share.part.handlers for batch in batches for share in batch.shares):
                _load_rules()
            gc.freeze()  # what is there by now is shared, as long as nobody writes to it
            Pool(self._jobs, self._reporting(self._work), self._receive, self._ended).run(batches)
            gc.unfreeze()
            return
        gc.freeze()  # what is there by now stays: it needn't be looked through each time
        for batch in batches:
            self._work(batch, lambda message, batch=batch: self._receive(batch, message))  # type: ignore[misc]
            if weight > _PAYS:
                gc.collect()  # the model of a part is full of cycles
                heap.give_back()
        gc.unfreeze()

    # --- the work, in whatever process -------------------------------------------------------

    def _reporting(self, work: Callable[[Batch, Send], None]) -> Callable[[Batch, Send], None]:
        """Work that is done in a process of its own, which tells at its end what it has read."""

        def apart(batch: Batch, send: Send) -> None:
            reads = self._workspace.reads
            before = dict(reads.seen)
            work(batch, send)
            send(Read({path: seen for path, seen in reads.seen.items() if before.get(path) != seen}, reads.steady))

        return apart

    def _work(self, batch: Batch, send: Send) -> None:
        for number, share in enumerate(batch.shares):
            send(At(number, None))
            checker = Checker(self._workspace, () if share.weight > LARGE else share.paths, part=share.part)
            try:
                ready = self._analysed(checker, number, share, send)
            except Exception as error:
                ready = False
                for path in share.paths:
                    send(Answered(path, [self._failed(path, f"the analysis failed ({_said(error)})")], None))
            if ready and share.weight > LARGE:
                self._check_large(checker, number, share, send)
            elif ready:
                self._check(checker, number, share.paths, send)
            send(Questions(number, checker.asked.questions()))

    def _analysed(self, checker: Checker, number: int, share: Share, send: Send) -> bool:
        """Build the model of a part; False where it can't be analysed without others."""
        if share.part.handlers:
            loaded = checker.connected - share.part.files
            if loaded:
                send(Strayed(number, frozenset(loaded)))
                return False
            send(Declared(number, checker.project.unresolved))
        return True

    def _check(self, checker: Checker, number: int, paths: Sequence[str], send: Send) -> None:
        for path in paths:
            send(At(number, path))
            try:
                findings, source = checker.check(path)
            except Exception as error:
                findings, source = [self._failed(path, f"its check failed ({_said(error)})")], None
            send(Answered(path, findings, source if findings else None))
            checker.done_with(path)

    def _check_large(self, checker: Checker, number: int, share: Share, send: Send) -> None:
        """Check the files of a part that has a large model, piece by piece.

        Each piece has a process that shares the model, even where only one may work at a time: what the
        rules ask for it, as much again as the model, goes with the process.
        """
        pieces = [Batch([Share(share.part, tuple(paths))]) for paths in self._pieces(share.paths)]
        if can_fork():
            _load_rules()
            heap.give_back()
            gc.freeze()

            def work(piece: Batch, send: Send) -> None:
                checker.asked.forget()
                self._check(checker, 0, piece.shares[0].paths, send)
                send(Questions(number, checker.asked.questions()))

            def ended(piece: Batch, how: str) -> Iterator[Batch]:
                send(Read({}, False))
                for path in piece.given_up():
                    send(Answered(path, [self._failed(path, _ENDED.format(how))], None))
                yield from piece.rest()

            def receive(piece: Batch, message: Any) -> None:
                piece.note(message)
                if not isinstance(message, At):  # that is a place in the piece, not in our batch
                    send(message)

            Pool(self._jobs, self._reporting(work), receive, ended).run(pieces)
        else:
            gc.freeze()
            for piece in pieces:
                self._check(checker, 0, piece.shares[0].paths, send)
                gc.collect()  # trees that were made for one file each
        gc.unfreeze()

    def _pieces(self, paths: Sequence[str]) -> Iterator[list[str]]:
        piece: list[str] = []
        size = 0
        for path in paths:
            piece.append(path)
            size += self._workspace.size(path)
            if size > _BATCH:
                yield piece
                piece, size = [], 0
        if piece:
            yield piece

    def _failed(self, path: str, reason: str) -> Finding:
        code = self._workspace.inline.get(path)
        shown = display(self._workspace.absolute(code.template if code is not None else path))
        return check.unreadable(shown, f"the file can't be checked: {reason}; please report it")

    # --- what comes of it --------------------------------------------------------------------

    def _receive(self, batch: Batch, message: Any) -> None:
        batch.note(message)
        match message:
            case Answered():
                self._answer(message)
            case Declared():
                self._declared[batch.shares[message.number].part] = message.unresolved
            case Questions():
                self._asked.setdefault(batch.shares[message.number].part, set()).update(message.asked)
            case Strayed():
                self._strayed[batch.shares[message.number].part] = message.paths
            case Read():
                self._workspace.reads.add(message.seen, message.steady)

    def _answer(self, answered: Answered) -> None:
        self.answers[answered.path] = answered.findings, answered.source
        if self._progress is not None:
            self._progress(len(self.answers), len(self._paths))

    def _ended(self, batch: Batch, how: str) -> Iterator[Batch]:
        """What is left of a batch whose process died: the file that it was at is given up, or the whole part."""
        self._workspace.reads.steady = False  # it isn't known what it read
        for path in batch.given_up():
            self._answer(Answered(path, [self._failed(path, _ENDED.format(how))], None))
        yield from batch.rest()


def _load_rules() -> None:
    """Load what each process would have to load otherwise."""
    from lambdalint.rules.registry import all_rules

    all_rules()


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]
