"""The print component: printers, tasks and their results, in the nested and in the flat frame style."""

import msgspec
from litestar import websocket
from litestar.exceptions import WebSocketDisconnect

from zhanggui.emulator.doors.asking import Socket, platform_of

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


class Component:
    """The state of one print component: what it was told to print, and how its printers are set."""

    def __init__(self) -> None:
        self.tasks: dict[str, Printed] = {}
        self.settings: dict[str, Told] = {}

    def answer(self, frame: Frame) -> list[Told]:
        """The frames that answer one frame."""
        head: Told = {"cmd": frame.cmd, "requestID": frame.request_id}
        if frame.cmd == "print":
            return self._print(head, frame)
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

    def _print(self, head: Told, frame: Frame) -> list[Told]:
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
        self.tasks[task.task_id] = task
        notice: Told = {
            "cmd": "PrintResultNotify", "requestID": f"notify-{task.task_id}", "printer": task.printer, "taskID": task.task_id, "taskStatus": "printed",
            "firstFailedDocSN": "", "printStatus": [{"documentID": each, "status": "success", "msg": "", "detail": ""} for each in task.documents],
        }  # fmt: skip
        return [answer, notice]

    def _task_status(self, ident: str) -> Told:
        """What became of a task."""
        task = self.tasks.get(ident)
        documents = [{"documentID": each, "status": "success"} for each in task.documents] if task else []
        return {"taskID": ident, "status": "printed" if task else "unknown", "detailStatus": documents}

    def _document_status(self, ident: str) -> Told:
        """What became of a document."""
        is_printed = any(ident in task.documents for task in self.tasks.values())
        return {"documentID": ident, "status": "success" if is_printed else "unknown"}


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
            for answer in _answers(socket, await socket.receive_text()):
                await socket.send_text(msgspec.json.encode(answer).decode())
    except WebSocketDisconnect:
        return


def _answers(socket: Socket, text: str) -> list[Told]:
    """The frames that answer one text, written into the ledger; a text that is no frame gets a failure."""
    component: Component = socket.app.state.component
    try:
        frame = msgspec.json.decode(text, type=Frame, strict=False)
    except msgspec.DecodeError as failed:
        return [{"cmd": "", "requestID": "", "status": "failed", "msg": str(failed)}]
    answers = component.answer(frame)
    documents = tuple(f"document.printed:{each.get('documentID', '')}" for each in documents_of(frame)) if len(answers) > 1 else ()
    keys, done = {"taskID": str(answers[0].get("taskID", ""))}, ("print" if documents else "", None)
    platform_of(socket).note(f"print.{frame.cmd}", keys, str(answers[0]["status"]), effects=documents, done=done)
    return answers
