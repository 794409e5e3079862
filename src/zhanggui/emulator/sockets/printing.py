"""The print component: printers, tasks and their results, in the nested and in the flat frame style."""

import msgspec
from litestar import websocket
from litestar.exceptions import WebSocketDisconnect

from zhanggui.emulator.doors.asking import Socket, platform_of
from zhanggui.emulator.moods import Temper

VERSION = "1.0.2.6"
PRINTERS = ("掌柜热敏打印机", "Microsoft Print to PDF")

Told = dict[str, object]


class Frame(msgspec.Struct, frozen=True):
    """A frame of a client, in either style."""

    cmd: str
    request_id: str | int = msgspec.field(name="requestID", default="")
    version: str = "1.0"
    task: dict[str, object] | None = None
    task_ids: str | list[str] = msgspec.field(name="taskID", default="")
    document_ids: list[str] = msgspec.field(name="documentIDs", default_factory=list)
    documents: list[dict[str, object]] = []
    printer: str | dict[str, object] = ""
    preview: bool = False
    preview_type: str = msgspec.field(name="previewType", default="pdf")


class Printed(msgspec.Struct, frozen=True):
    """One task that was printed: its documents and where it went."""

    task_id: str
    printer: str
    documents: tuple[str, ...]
    is_preview: bool
    jammed: frozenset[str] = frozenset()

    @property
    def out(self) -> tuple[str, ...]:
        """The documents that came out of the printer."""
        return tuple(each for each in self.documents if each not in self.jammed)

    def status_of(self, document: str) -> str:
        """What became of one of its documents."""
        return "failed" if document in self.jammed else "success"


class Component:
    """The state of one print component: what it was told to print, and how its printers are set."""

    def __init__(self) -> None:
        self.tasks: dict[str, Printed] = {}
        self.settings: dict[str, Told] = {}
        self.just_printed: Printed | None = None

    def answer(self, frame: Frame, temper: Temper) -> list[Told]:
        """The frames that answer one frame; none where the component hangs up instead."""
        self.just_printed = None
        head: Told = {"cmd": frame.cmd, "requestID": frame.request_id}
        if frame.cmd == "print":
            return self._print(head, frame, temper)
        found = self._found(frame)
        return [head | {"status": "failed", "msg": f"unknown cmd {frame.cmd}"} if found is None else head | {"status": "success", "msg": ""} | found]

    def _found(self, frame: Frame) -> Told | None:
        """What is told beside the success; nothing for a command nobody knows."""
        found: Told | None = None
        match frame.cmd:
            case "getPrinters":
                found = {"defaultPrinter": PRINTERS[0], "printers": [{"name": name} for name in PRINTERS]}
            case "getPrinterConfig":
                found = {"printer": self.settings.get(str(frame.printer), {"name": str(frame.printer)})}
            case "setPrinterConfig" if isinstance(frame.printer, dict):
                self.settings[str(frame.printer.get("name", ""))] = frame.printer
                found = {}
            case "getTaskStatus":
                found = {"printStatus": [self._task_status(ident) for ident in as_list(frame.task_ids)]}
            case "getDocumentStatus":
                found = {"printStatus": [self._document_status(ident) for ident in frame.document_ids]}
            case "getAppInfo" | "getAgentInfo":
                found = {"AppVersion": VERSION, "version": VERSION}
            case "getGlobalConfig" | "setGlobalConfig":
                found = {"notifyOnTaskFailure": True}
        return found

    def _print(self, head: Told, frame: Frame, temper: Temper) -> list[Told]:
        """Print a task; a preview answers with its address, a print is followed by a notice of its result."""
        task = printed_of(frame)
        fault = fault_in(task, documents_of(frame))
        if fault:
            return [head | {"taskID": task.task_id, "status": "failed", "msg": fault}]
        answer = head | {"taskID": task.task_id, "status": "success", "msg": ""}
        if task.is_preview:
            kind = str((frame.task or {}).get("previewType", frame.preview_type))
            shown: object = f"http://127.0.0.1/preview/{task.task_id}.pdf" if kind == "pdf" else [f"http://127.0.0.1/preview/{task.task_id}-1.png"]
            return [answer | {"previewURL" if kind == "pdf" else "previewImage": shown}]
        if temper.strikes("print_swallowed"):
            return []
        jammed = frozenset(each for each in task.documents if temper.strikes("print_fails"))
        task = msgspec.structs.replace(task, jammed=jammed)
        self.tasks[task.task_id] = self.just_printed = task
        return [] if temper.strikes("print_unanswered") else [answer, notice_of(task)]

    def _task_status(self, ident: str) -> Told:
        """What became of a task."""
        task = self.tasks.get(ident)
        documents = [{"documentID": each, "status": task.status_of(each)} for each in task.documents] if task else []
        return {"taskID": ident, "status": "printed" if task else "unknown", "detailStatus": documents}

    def _document_status(self, ident: str) -> Told:
        """What became of a document."""
        found = [task.status_of(ident) for task in self.tasks.values() if ident in task.documents]
        return {"documentID": ident, "status": found[-1] if found else "unknown"}


def notice_of(task: Printed) -> Told:
    """The notice of what became of a task, pushed once it is through."""
    jam = {"status": "failed", "msg": "打印机缺纸", "detail": ""}
    done = {"status": "success", "msg": "", "detail": ""}
    return {
        "cmd": "PrintResultNotify", "requestID": f"notify-{task.task_id}", "printer": task.printer, "taskID": task.task_id,
        "taskStatus": "printed" if task.out else "failed", "firstFailedDocSN": next(iter(each for each in task.documents if each in task.jammed), ""),
        "printStatus": [{"documentID": each} | (jam if each in task.jammed else done) for each in task.documents],
    }  # fmt: skip


def as_list(value: str | list[str]) -> list[str]:
    """One word or many, as a list."""
    return [value] if isinstance(value, str) else value


def documents_of(frame: Frame) -> list[dict[str, object]]:
    """The documents of a print frame, nested or flat."""
    found = frame.task.get("documents") if frame.task is not None else frame.documents
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def printed_of(frame: Frame) -> Printed:
    """The task of a print frame, nested or flat."""
    task = frame.task or {"taskID": frame.task_ids, "printer": frame.printer, "preview": frame.preview}
    documents = tuple(str(each.get("documentID", "")) for each in documents_of(frame))
    return Printed(str(task.get("taskID", "")), str(task.get("printer") or PRINTERS[0]), documents, bool(task.get("preview")))


def fault_in(task: Printed, documents: list[dict[str, object]]) -> str:
    """What is wrong with a task; empty when nothing is."""
    if not task.task_id:
        return "taskID is missing"
    if task.printer not in PRINTERS:
        return f"no such printer: {task.printer}"
    if not documents:
        return "no documents"
    if any(not each.get("contents") for each in documents):
        return "a document has no contents"
    return ""


@websocket(["/print", "/"])
async def print_socket(socket: Socket) -> None:
    """Answer the frames of one client of the print component."""
    await socket.accept()
    try:
        while True:
            answers = _answers(socket, await socket.receive_text())
            if not answers:
                await socket.close()
                return
            for answer in answers:
                await socket.send_text(msgspec.json.encode(answer).decode())
    except WebSocketDisconnect:
        return


def _answers(socket: Socket, text: str) -> list[Told]:
    """The frames that answer one text, written into the ledger; a text that is no frame gets a failure."""
    component: Component = socket.app.state.component
    platform = platform_of(socket)
    try:
        frame = msgspec.json.decode(text, type=Frame, strict=False)
    except msgspec.DecodeError as failed:
        return [{"cmd": "", "requestID": "", "status": "failed", "msg": str(failed)}]
    answers = component.answer(frame, platform.temper)
    documents = tuple(f"document.printed:{each}" for each in component.just_printed.out) if component.just_printed else ()
    keys, done = {"taskID": printed_of(frame).task_id if frame.cmd == "print" else ""}, ("print" if documents else "", None)
    platform.note(f"print.{frame.cmd}", keys, str(answers[0]["status"]) if answers else "hung up", effects=documents, done=done)
    return answers
