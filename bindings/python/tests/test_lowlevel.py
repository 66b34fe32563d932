"""The low-level module against the header, the C compiler and the library."""

from __future__ import annotations

import ast
import ctypes
import os
import subprocess
import sys
import unittest

from support import BINDINGS, LIBRARY, compile_and_run

from golws import lowlevel as lws
from golws.lowlevel import functions, library

#: Structs of the system whose members have other names in C; only their size counts, and that of what contains them.
SYSTEM = {"uv_lib_t", "struct in6_addr", "struct sockaddr_storage"}


def c_name(struct: type) -> str:
    """How C names a struct of golws.lowlevel; its docstring says so."""
    text = struct.__doc__ or ""
    if text.startswith("within "):
        path = text[len("within "):]
        outer, _, members = path.partition(".")
        return f"__typeof__((({outer} *)0)->{members})" if members else ""
    return text


def structs() -> list[type]:
    from golws.lowlevel import structures

    found = []
    for name in structures.__all__:
        value = getattr(structures, name)
        if isinstance(value, type) and issubclass(value, (ctypes.Structure, ctypes.Union)) and value.__name__ == name:
            found.append(value)
    return found


class Generated(unittest.TestCase):
    def test_is_what_the_header_says(self) -> None:
        """What is committed is what the generator makes of the header."""
        done = subprocess.run([sys.executable, os.path.join(BINDINGS, "generate"), "--check"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


    def test_stub(self) -> None:
        """The type hints are Python, and have every function."""
        with open(os.path.join(BINDINGS, "golws", "lowlevel", "__init__.pyi")) as file:
            tree = ast.parse(file.read())
        hinted = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.assertEqual(set(functions.FUNCTIONS) - hinted, set())


class Layout(unittest.TestCase):
    def test_sizes_and_offsets(self) -> None:
        """Every struct has the size, and every member the place, that the C compiler gives it."""
        lines, expected = [], []
        for struct in structs():
            name = c_name(struct)
            if not name or name in SYSTEM:
                continue
            lines.append(f'printf("%zu %zu\\n", sizeof({name}), _Alignof({name}));')
            expected.append((struct.__name__, "size and alignment", f"{ctypes.sizeof(struct)} {ctypes.alignment(struct)}"))
            anonymous = getattr(struct, "_anonymous_", ())
            for field in struct._fields_:
                if field[0] in anonymous:
                    continue
                member = field[0].rstrip("_") if field[0].endswith("_") and len(field[0]) > 1 else field[0]
                if len(field) == 3:
                    lines.append(f"{{ {name} x; memset(&x, 0, sizeof(x)); x.{member} = ~0; "
                                 "for (size_t i = 0; i < sizeof(x); i++) printf(\"%02x\", ((unsigned char *)&x)[i]); puts(\"\"); }")
                    value = struct()
                    setattr(value, field[0], -1)
                    expected.append((struct.__name__, member, bytes(value).hex()))
                else:
                    place = getattr(struct, field[0])
                    lines.append(f'printf("%zu %zu\\n", offsetof({name}, {member}), sizeof((({name} *)0)->{member}));')
                    expected.append((struct.__name__, member, f"{place.offset} {place.size}"))
        self.assertGreater(len(expected), 400)
        output = compile_and_run("#include <libwebsockets.h>\nint main(void) {\n" + "\n".join(lines) + "\nreturn 0; }\n")
        got = output.splitlines()
        self.assertEqual(len(got), len(expected))
        for line, (struct_name, member, value) in zip(got, expected):
            with self.subTest(struct=struct_name, member=member):
                self.assertEqual(value, line)

    def test_enum_values(self) -> None:
        """Every constant of an enum has its value in C."""
        from golws.lowlevel import enums

        names = [m for e in vars(enums).values() if isinstance(e, type) and hasattr(e, "__members__") for m in e.__members__]
        output = compile_and_run("#include <libwebsockets.h>\nint main(void) {\n" + "".join(
            f'printf("%lld\\n", (long long){name});\n' for name in names) + "return 0; }\n")
        self.assertEqual([int(getattr(lws, name)) for name in names], [int(line) for line in output.split()])
        self.assertGreater(len(names), 300)


class Functions(unittest.TestCase):
    def test_all_of_the_library(self) -> None:
        """What the library exports is declared, and what is declared and exported can be called."""
        symbols = subprocess.run(["nm", "-D", "--defined-only", os.path.join(LIBRARY, library.NAME)], capture_output=True,
                                 text=True, check=True).stdout
        exported = {line.split()[-1].split("@")[0] for line in symbols.splitlines() if line.split()[-2] in "TBDR"}
        self.assertEqual(exported - set(functions.FUNCTIONS) - set(functions.VARIABLES), set())
        missing = 0
        for name in functions.FUNCTIONS:
            if name in exported:
                self.assertEqual(getattr(lws, name).argtypes, list(functions.FUNCTIONS[name][1]))
            else:
                missing += 1
                with self.assertRaisesRegex(lws.NotImplementedByLibrary, name):
                    getattr(lws, name)
        for name in functions.VARIABLES:
            if name in exported:
                self.assertTrue(ctypes.addressof(getattr(lws, name)))
        self.assertGreater(missing, 0)
        self.assertIn("lws_create_context", dir(lws))

    def test_nothing_of_that_name(self) -> None:
        with self.assertRaisesRegex(AttributeError, "lws_no_such_thing"):
            getattr(lws, "lws_no_such_thing")
        self.assertFalse(hasattr(lws, "lws_no_such_thing"))

    def test_inline_functions(self) -> None:
        """Each inline function of the header is there in Python."""
        for name in functions.INLINE:
            self.assertTrue(callable(getattr(lws, name)), name)
        self.assertEqual(lws.lws_write_ws_flags(lws.LWS_WRITE_TEXT, 1, 1), lws.LWS_WRITE_TEXT)
        self.assertEqual(lws.lws_write_ws_flags(lws.LWS_WRITE_TEXT, 0, 1), lws.LWS_WRITE_CONTINUATION)
        self.assertEqual(lws.lws_write_ws_flags(lws.LWS_WRITE_BINARY, 1, 0), lws.LWS_WRITE_BINARY | lws.LWS_WRITE_NO_FIN)

    def test_names_that_two_have(self) -> None:
        self.assertTrue(issubclass(lws.struct_lws_tokenize, ctypes.Structure))
        self.assertIn("lws_tokenize(", lws.lws_tokenize.__doc__)
        self.assertTrue(hasattr(lws.enum_lws_threadpool_task_status, "__members__"))

    def test_calls(self) -> None:
        """Text, buffers, structs and results go back and forth."""
        self.assertTrue(lws.lws_get_library_version().startswith(b"4.2"))
        buffer = ctypes.create_string_buffer(64)
        self.assertEqual(lws.lws_b64_encode_string(b"hello", 5, buffer, len(buffer)), 8)
        self.assertEqual(buffer.value, b"aGVsbG8=")
        self.assertEqual(lws.lws_snprintf(buffer, len(buffer), b"%s %d", b"text", ctypes.c_int(5)), 6)
        self.assertEqual(buffer.value, b"text 5")
        head = ctypes.c_void_p()
        self.assertTrue(lws.lwsac_use(ctypes.byref(head), 10, 0))
        lws.lwsac_free(ctypes.byref(head))
        self.assertIsNone(head.value)


class Service(unittest.TestCase):
    def test_timers_and_protocols(self) -> None:
        """A context of the C interface, serviced from Python, with callbacks in Python."""
        events = []

        @lws.lws_callback_function
        def on_event(wsi, reason, user, data, length):  # type: ignore[no-untyped-def]
            events.append(lws.lws_callback_reasons(reason))
            return 0

        protocols = (lws.lws_protocols * 2)(lws.lws_protocols(name=b"one", callback=on_event))
        info = lws.lws_context_creation_info(port=lws.CONTEXT_PORT_NO_LISTEN, protocols=protocols)
        context = lws.lws_create_context(info)
        self.assertTrue(context)
        timer = lws.lws_sorted_usec_list_t()
        fired = []

        @lws.sul_cb_t
        def on_timer(sul):  # type: ignore[no-untyped-def]
            fired.append(ctypes.addressof(sul.contents))
            lws.lws_cancel_service(context)

        lws.lws_sul_schedule(context, 0, timer, on_timer, 1000)
        while not fired:
            self.assertGreaterEqual(lws.lws_service(context, 0), 0)
        lws.lws_service(context, -1)
        lws.lws_context_destroy(context)
        self.assertEqual(fired, [ctypes.addressof(timer)])
        self.assertEqual(events[0], lws.LWS_CALLBACK_PROTOCOL_INIT)
        self.assertIn(lws.LWS_CALLBACK_EVENT_WAIT_CANCELLED, events)
        self.assertEqual(events[-1], lws.LWS_CALLBACK_PROTOCOL_DESTROY)


class Library(unittest.TestCase):
    def run_python(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": BINDINGS, **environment})

    def test_not_found(self) -> None:
        done = self.run_python("from golws import lowlevel; lowlevel.lws_service", GOLWS_LIBRARY="/nonexistent/library.so")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("LibraryError", done.stderr)
        self.assertIn("/nonexistent/library.so", done.stderr)
        self.assertIn("GOLWS_LIBRARY", done.stderr)

    def test_another_library(self) -> None:
        done = self.run_python("from golws import lowlevel; lowlevel.lws_service", GOLWS_LIBRARY="libc.so.6")
        self.assertIn("is not libwebsockets", done.stderr)

    def test_import_needs_no_library(self) -> None:
        done = self.run_python("import golws.lowlevel as l; print(l.LWS_CALLBACK_RECEIVE.name)", GOLWS_LIBRARY="/nonexistent")
        self.assertEqual(done.stdout, "LWS_CALLBACK_RECEIVE\n", done.stderr)

    def test_directory(self) -> None:
        done = self.run_python("import golws.lowlevel as l; print(l.path())", GOLWS_LIBRARY=LIBRARY)
        self.assertEqual(done.stdout.strip(), os.path.join(LIBRARY, library.NAME))


if __name__ == "__main__":
    unittest.main()
