"""Writes the modules of golws.lowlevel."""

from __future__ import annotations

import re
import textwrap

from pycparser import c_ast, c_generator

from .header import Interface
from .types import Enum, Struct, Types, python_name

NOTICE = '''"""{what}

Generated from include/libwebsockets.h by bindings/python/generate; do not edit.
"""

from __future__ import annotations
'''

IMPORTS = """
from ctypes import (CFUNCTYPE, POINTER, Structure, Union, c_bool, c_byte, c_char, c_char_p, c_double, c_float, c_int, c_int8,
                    c_int16, c_int32, c_int64, c_long, c_longlong, c_short, c_size_t, c_ssize_t, c_ubyte, c_uint, c_uint8,
                    c_uint16, c_uint32, c_uint64, c_ulong, c_ulonglong, c_ushort, c_void_p, c_wchar)
"""

FLOATS = {"c_float", "c_double"}


def wrap(prefix: str, parts: list[str], suffix: str, indent: str = "    ") -> str:
    """prefix, parts separated by commas, suffix; on several lines if it is too long for one."""
    line = prefix + ", ".join(parts) + suffix
    if len(line) <= 120:
        return line + "\n"
    body = textwrap.fill(", ".join(part.replace(" ", "\x00") for part in parts), 116, initial_indent=indent,
                         subsequent_indent=indent, break_long_words=False, break_on_hyphens=False).replace("\x00", " ")
    return f"{prefix}\n{body}{suffix}\n"


def constants(interface: Interface, types: Types) -> str:
    out = NOTICE.format(what="The macros of the C interface that are constants.") + "\n"
    for name, value in interface.macros.items():
        if name not in types.constants:
            out += f"{name} = {value!r}\n"
    return out


def enum_class(enum: Enum) -> str:
    base = "_IntFlag" if enum.flags else "_IntEnum"
    lines = [f"class {enum.name}({base}):"]
    lines += [f"    {name} = {value:#x}" if enum.flags else f"    {name} = {value}" for name, value in enum.members.items()]
    return "\n".join(lines) + "\n"


def enums(types: Types) -> str:
    out = NOTICE.format(what="The enums of the C interface. Each constant is also a name of its own, as in C.")
    out += "\nfrom enum import IntEnum as _IntEnum\nfrom enum import IntFlag as _IntFlag\n"
    for enum in types.enums:
        if enum.name:
            out += "\n\n" + enum_class(enum)
    aliases = ""
    for name in types.typedefs:
        if name in types.system_names:
            continue
        enum = types.enum_behind(name)
        if enum is not None and enum.name and enum.name != name:
            aliases += f"{name} = {enum.name}\n"
    if aliases:
        aliases = "\n\n" + aliases
        out += aliases
    plain = "".join(f"{n} = {v}\n" for e in types.enums if not e.name for n, v in e.members.items())
    if plain:
        out += "\n# Of enums without a name\n" + plain
    for enum in types.enums:
        if enum.name:
            out += "\n" + "".join(f"{name} = {enum.name}.{name}\n" for name in enum.members)
    names = [e.name for e in types.enums if e.name]
    names += [name for name in types.typedefs if f"\n{name} = " in aliases]
    names += [name for e in types.enums for name in e.members]
    out += "\n__all__ = [\n" + textwrap.fill(", ".join(f'"{name}"' for name in names), 116, initial_indent="    ",
                                             subsequent_indent="    ") + ",\n]\n"
    return out


def ordered(types: Types) -> list[Struct]:
    """The structs, each after those that it contains."""
    order: list[Struct] = []
    seen: set[str] = set()

    def visit(struct: Struct) -> None:
        if struct.name in seen:
            return
        seen.add(struct.name)
        for field in struct.fields or []:
            for need in field.needs:
                visit(types.structs[need])
        order.append(struct)

    for struct in types.structs.values():
        if struct.fields is not None:
            visit(struct)
    return order


def aliases(types: Types) -> list[str]:
    """The typedefs that get a name. A struct that the header leaves incomplete is a handle and has none."""

    def stands_for_something(name: str) -> bool:
        target = types.ctype(types.typedefs[name], "field")
        struct = types.structs.get(target)
        return target not in (name, "None") and (struct is None or types.is_complete(struct))

    return [name for name in types.typedefs if types.has_alias(name) and stands_for_something(name)]


def structures(types: Types) -> str:
    out = NOTICE.format(what="The structs, unions, typedefs and types of callbacks of the C interface.\n\n"
                        "Structs that the header leaves incomplete are handles, which ctypes passes as addresses (c_void_p).")
    out += IMPORTS
    order = ordered(types)
    for struct in order:
        c_name = struct.c_name if not struct.path else f"within {struct.path}"
        out += f'\n\nclass {struct.name}({"Union" if struct.union else "Structure"}):\n    """{c_name}"""\n'
    out += "\n\n"
    late = []
    for name in aliases(types):
        target = types.ctype(types.typedefs[name], "field")
        if re.search(r"\b(%s)\b" % "|".join(map(re.escape, aliases(types))), target):
            late.append((name, target))
        else:
            out += wrap_assignment(name, target)
    for name, target in late:
        out += wrap_assignment(name, target)
    for struct in order:
        out += "\n"
        anonymous = [f.name for f in struct.fields or [] if f.anonymous]
        if anonymous:
            out += f"{struct.name}._anonymous_ = ({', '.join(map(repr, anonymous))},)\n"
        out += f"{struct.name}._fields_ = [\n"
        for field in struct.fields or []:
            bits = f", {field.bits}" if field.bits is not None else ""
            out += wrap_field(f'    ("{field.name}", {field.type}{bits}),')
        out += "]\n"
    names = [struct.name for struct in order] + aliases(types)
    out += "\n__all__ = [\n" + textwrap.fill(", ".join(f'"{name}"' for name in names), 116, initial_indent="    ",
                                             subsequent_indent="    ") + ",\n]\n"
    return out


def wrap_assignment(name: str, target: str) -> str:
    line = f"{name} = {target}"
    if len(line) <= 120:
        return line + "\n"
    return "\n".join(textwrap.wrap(line, 120, subsequent_indent=" " * (len(name) + 13), break_long_words=False,
                                   break_on_hyphens=False)) + "\n"


def wrap_field(line: str) -> str:
    return "\n".join(textwrap.wrap(line, 120, subsequent_indent=" " * 16, break_long_words=False, drop_whitespace=True,
                                   break_on_hyphens=False)) + "\n"


def prototype(declaration: c_ast.Decl) -> str:
    bare = c_ast.Decl(declaration.name, [], [], [], [], declaration.type, None, None)
    text = re.sub(r"\s+", " ", c_generator.CGenerator().visit(bare)).strip()
    return re.sub(r"\bva_list\b", "va_list", text)


def functions(types: Types) -> str:
    out = NOTICE.format(what="The functions and variables of the C interface: result, parameters and C prototype of each.")
    out += IMPORTS + "\nfrom .structures import *  # noqa: F403\n\nFUNCTIONS = {\n"
    for name, declaration in types.functions.items():
        node = declaration.type
        result = types.ctype(node.type, "result")
        parameters = [types.ctype(p.type, "parameter") for p in types.parameters(node)]
        tail = "," if len(parameters) == 1 else ""
        first = f'    "{name}": ({result}, ({", ".join(parameters)}{tail}),'
        out += "\n".join(textwrap.wrap(first, 120, subsequent_indent=" " * 8, break_long_words=False,
                                       break_on_hyphens=False)) + "\n"
        text = textwrap.wrap(prototype(declaration), 104, break_long_words=False, break_on_hyphens=False)
        out += "\n".join(f'        "{part}{" " if i + 1 < len(text) else ""}"' for i, part in enumerate(text)) + "),\n"
    out += "}\n\nVARIABLES = {\n"
    for name, declaration in types.variables.items():
        out += f'    "{name}": ({types.ctype(declaration.type, "field")}, "{prototype(declaration)}"),\n'
    out += "}\n\n#: Functions that are compiled into the program that includes the header; the library has none of them.\nINLINE = {\n"
    for name, declaration in types.inline.items():
        out += f'    "{name}": "{prototype(declaration)}",\n'
    return out + "}\n"


def hint(kind: str, where: str) -> str:
    """The type hint for a ctypes expression."""
    if kind == "None":
        return "None"
    if kind == "c_char_p":
        return "Optional[bytes]" if where == "result" else "Text"
    if kind == "c_void_p":
        return "Optional[int]" if where == "result" else "Address"
    if kind in FLOATS:
        return "float"
    if kind == "c_bool":
        return "bool"
    if kind in ("c_char",):
        return "bytes"
    if re.fullmatch(r"c_\w+", kind):
        return "int"
    return "Any"


def stub(interface: Interface, types: Types) -> str:
    out = NOTICE.format(what="Type hints of golws.lowlevel.")
    out += """
import ctypes
from ctypes import Structure, Union as CUnion
from typing import Any, Optional, Union

from .enums import *
from .library import LibraryError as LibraryError, NotImplementedByLibrary as NotImplementedByLibrary
from .library import load as load, path as path
from .inline import *
from .constants import *

#: An address: of a handle, of a ctypes object, or of bytes.
Address = Union[int, bytes, ctypes.Array[Any], ctypes.c_void_p, Any, None]
#: Text that ends with a NUL.
Text = Union[bytes, ctypes.Array[ctypes.c_char], None]
"""
    taken = {*types.functions, *types.inline}

    def name_of(struct: str) -> str:
        """Where a function has the name, golws.lowlevel has the struct by another."""
        return f"struct_{struct}" if struct in taken else struct

    for struct in ordered(types):
        out += f"\nclass {name_of(struct.name)}({'CUnion' if struct.union else 'Structure'}):\n"
        shown = [f for f in struct.fields or [] if not f.anonymous]
        for field in shown:
            out += f"    {field.name}: {hint(types.scalar(field.type), 'result')}\n"
        if not shown:
            out += "    ...\n"
    out += "\n"
    names = {s.name for s in ordered(types)}
    for name in aliases(types):
        target = types.ctype(types.typedefs[name], "field")
        if target in names:
            out += f"{name} = {name_of(target)}\n"
        else:
            out += f"{name} = {'ctypes.' if re.fullmatch(r'c_[a-z0-9_]+', target) else ''}{target}\n" \
                if "(" not in target and "*" not in target else f"{name}: Any\n"
    out += "\n"
    for name, declaration in types.functions.items():
        parameters = []
        for i, parameter in enumerate(types.parameters(declaration.type)):
            kind = types.scalar(types.ctype(parameter.type, "parameter"))
            parameters.append(f"{python_name(parameter.name or f'argument{i}')}: {hint(kind, 'parameter')}")
        if parameters:
            parameters.append("/")
        if isinstance(declaration.type.args, c_ast.ParamList) and isinstance(declaration.type.args.params[-1],
                                                                             c_ast.EllipsisParam):
            parameters = parameters + ["*arguments: Any"]
        result = hint(types.scalar(types.ctype(declaration.type.type, "result")), "result")
        line = wrap_stub(f"def {name}({', '.join(parameters)}) -> {result}: ...")
        if any(enum.name == name for enum in types.enums):
            out += f"from .enums import {name} as enum_{name}\n"
            line = line.replace("\n", "  # type: ignore[no-redef]\n", 1)
        out += line
    for name in types.variables:
        out += f"{name}: Any\n"
    return out


def wrap_stub(line: str) -> str:
    # A line may only end inside the parentheses.
    inside, _, after = line.rpartition(") -> ")
    line = inside + ")\0->\0" + after.replace(" ", "\0")
    return "\n".join(textwrap.wrap(line, 120, subsequent_indent=" " * 8, break_long_words=False,
                                   break_on_hyphens=False)).replace("\0", " ") + "\n"


def modules(interface: Interface) -> dict[str, str]:
    """Name and text of every generated module."""
    types = Types(interface)
    return {
        "constants.py": constants(interface, types),
        "enums.py": enums(types),
        "structures.py": structures(types),
        "functions.py": functions(types),
        "__init__.pyi": stub(interface, types),
    }
