"""One run: a face over a configuration that holds many secrets, a program for each, and all that left, searched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tests.canaries.kernel_face import KernelFace
from tests.canaries.programs import FAILING, LITERAL, MODEL
from tests.canaries.search import Searched, texts_of
from tests.canaries.secrets import secret
from tests.canaries.session_face import SessionFace
from tests.messages_server import MessagesServer

Face = KernelFace | SessionFace
SECTIONS = 5
READ = "import json\nfrom pathlib import Path\nCANARIES = json.loads(Path('canaries.json').read_text())"
OURS = ("canaries.json", "aibasic.conf")
"""Files of a trial's folder that hold the secrets to begin with."""


def leaks(
    seed: int, count: int, folder: Path, face: type[KernelFace] | type[SessionFace], *, redacted: bool = True
) -> list[str]:
    """What was found of `count` secrets after as many programs, one line each; the same for the same seed."""
    random = Random(seed)
    secrets = [secret(random) for _ in range(count)]
    environment = _configured(folder, secrets, random)
    found = []
    with (
        MessagesServer() as server,
        face(folder, {**environment, "AIBASIC_BASE_URL": server.url}, redacted=redacted).running() as opened,
    ):
        opened.run(READ)
        for at, text in enumerate(secrets):
            opened.left.clear()
            server.requests.clear()
            program = _run_one(opened, server, random, at, text)
            if Searched("\0".join([*map(texts_of, opened.left), *_requests(server)])).has(text):
                found.append(f"seed {seed}, secret {at} {text!r} after: {program}")
    written = Searched("\0".join(_files(folder)))
    return found + [
        f"seed {seed}, secret {at} {text!r} in a file" for at, text in enumerate(secrets) if written.has(text)
    ]


def _configured(folder: Path, secrets: list[str], random: Random) -> dict[str, str]:
    """Write a configuration that holds the secrets in all the ways there are; the environment that it needs."""
    environment = {}
    sections: list[list[str]] = [[] for _ in range(SECTIONS)]
    for at, text in enumerate(secrets):
        quote = next((quote for quote in "\"'" if quote not in text and "\n" not in text), "")
        key = random.choice(["PASSWORD", "API_KEY", "TOKEN", "CLIENT_SECRET"])
        if text.isalnum() and at % 2:
            line = f"URL_{at} = amqp://someone:{text}@localhost/x"
        elif quote and random.random() < 0.7:
            line = f"C{at}_{key} = {quote}{text}{quote}"
        else:
            line = f"C{at}_{key} = ${{CANARY_{at}}}"
            environment[f"CANARY_{at}"] = text
        sections[at % SECTIONS].append(line)
    lines = (line for at, section in enumerate(sections) for line in (f"[service_{at}]", *section))
    (folder / "aibasic.conf").write_text("\n".join(lines))
    (folder / "canaries.json").write_text(json.dumps(secrets))
    return environment


def _run_one(face: Face, server: MessagesServer, random: Random, at: int, text: str) -> str:
    """Run one random program about one secret; what it was."""
    expression = f"CANARIES[{at}]"
    way = random.choice([*["show"] * 5, *["fail"] * 4, "literal", *["model"] * 2, "sentence", *ASKING])
    if way in ASKING and isinstance(face, KernelFace):
        ASKING[way](face, expression)
        return way
    if way == "literal":
        program = random.choice(LITERAL).replace("LITERAL", repr(text))
    elif way == "fail":
        program = random.choice(FAILING).replace("SECRET", expression)
    elif way == "model":
        server.compile(random.choice(MODEL).replace("SECRET", expression), when=f"canary {at} ")
        program = f"work out canary {at} for me"
    elif way == "sentence":
        server.compile("done = True", when=f"canary {at} ")
        program = f"log in as someone with {' '.join(text.split())} at canary {at} now"
    else:
        program = random.choice(face.showing).replace("SECRET", expression)
    face.run(program)
    if way == "literal":
        face.ask("history", raw=True, output=False, hist_access_type="tail", n=3)
    return program


# What front ends ask a kernel -----------------------------------------------------------------------------------------


def _input(face: KernelFace, expression: str) -> None:
    face.run(f"answer = input({expression})", answer="fine")


def _completion(face: KernelFace, expression: str) -> None:
    face.run(f"held = {{{expression}: 1}}")
    face.ask("complete", code="held['", cursor_pos=6)


def _inspection(face: KernelFace, expression: str) -> None:
    face.run(f"looked_at = {expression}")
    face.ask("inspect", code="looked_at", cursor_pos=9, detail_level=0)


def _expressions(face: KernelFace, expression: str) -> None:
    face.run("1", user_expressions={"one": expression, "wrong": f"int({expression} + 'x')"})


ASKING: dict[str, Callable[[KernelFace, str], None]] = {
    "input": _input,
    "completion": _completion,
    "inspection": _inspection,
    "expressions": _expressions,
}


# What left ------------------------------------------------------------------------------------------------------------


def _requests(server: MessagesServer) -> Iterator[str]:
    for request in server.requests:
        headers = (f"{name}: {value}" for name, value in request.headers.items() if name.lower() != "authorization")
        yield "\0".join([request.path, *headers, texts_of(json.dumps(request.body).encode())])


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in OURS:
            yield f"{path.name}\0{path.read_bytes().decode('utf-8', 'replace')}"
