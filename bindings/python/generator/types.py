"""From C types to ctypes.

What a C type becomes depends on where it stands:

- A pointer to a type that the header leaves incomplete (struct lws, struct lws_context, ...) is a plain address, c_void_p,
  which ctypes hands over as an int. These are the handles of the library.
- Text (const char *) is c_char_p, that is bytes. Other pointers to bytes are c_void_p in parameters, so that bytes, ctypes
  arrays and addresses can all be given, and POINTER(c_ubyte) or POINTER(c_char) in structs.
- A pointer to a complete struct is POINTER(it), a pointer to a function CFUNCTYPE(...).
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field
from typing import Optional, Union

from pycparser import c_ast

from .header import Interface

SCALARS = {
    "char": "c_char", "signed char": "c_byte", "unsigned char": "c_ubyte", "short": "c_short", "short int": "c_short",
    "unsigned short": "c_ushort", "unsigned short int": "c_ushort", "int": "c_int", "signed int": "c_int",
    "unsigned int": "c_uint", "unsigned": "c_uint", "long": "c_long", "long int": "c_long", "unsigned long": "c_ulong",
    "unsigned long int": "c_ulong", "long unsigned int": "c_ulong", "long long": "c_longlong", "long long int": "c_longlong",
    "unsigned long long": "c_ulonglong", "unsigned long long int": "c_ulonglong", "long long unsigned int": "c_ulonglong",
    "float": "c_float", "double": "c_double", "_Bool": "c_bool",
    "size_t": "c_size_t", "ssize_t": "c_ssize_t", "int8_t": "c_int8", "uint8_t": "c_uint8", "int16_t": "c_int16",
    "uint16_t": "c_uint16", "int32_t": "c_int32", "uint32_t": "c_uint32", "int64_t": "c_int64", "uint64_t": "c_uint64",
    "wchar_t": "c_wchar",
}

#: Scalars that fit into what bit-fields leave of an int.
SMALL = {"c_char", "c_byte", "c_ubyte", "c_int8", "c_uint8", "c_short", "c_ushort", "c_int16", "c_uint16", "c_bool"}

#: Bytes by any name.
BYTES = {"unsigned char", "uint8_t", "signed char", "int8_t"}


@dataclass
class Struct:
    """A struct or union. The path is how C reaches it where it has no name: a member of the struct that it is in."""

    name: str
    union: bool
    c_name: str
    path: str = ""
    fields: Optional[list["Field"]] = None
    system: bool = False
    emitted: bool = False


@dataclass
class Field:
    name: str
    c_name: str
    type: str
    bits: Optional[int]
    node: c_ast.Node
    needs: list[str] = field(default_factory=list)
    anonymous: bool = False


@dataclass
class Enum:
    name: str  # empty: only its constants count
    members: dict[str, int]
    flags: bool


def python_name(name: str) -> str:
    return name + "_" if keyword.iskeyword(name) else name


class Types:
    """What the header declares, as ctypes."""

    def __init__(self, interface: Interface) -> None:
        self.typedefs: dict[str, c_ast.Node] = {}
        self.system_names: set[str] = set()
        self.structs: dict[str, Struct] = {}
        self.enums: list[Enum] = []
        self.enum_of: dict[str, Enum] = {}
        self.constants: dict[str, int] = {}
        self.functions: dict[str, c_ast.Decl] = {}
        self.inline: dict[str, c_ast.Decl] = {}
        self.variables: dict[str, c_ast.Decl] = {}
        self._of_node: dict[int, Struct] = {}
        self._enum_of_node: dict[int, Enum] = {}
        for declaration in interface.system:
            self._declare(declaration, system=True)
        self.system_names = set(self.typedefs)
        for declaration in interface.declarations:
            self._declare(declaration, system=False)
        for struct, node in self._pending:
            struct.fields = list(self._fields(struct, node))

    _pending: list[tuple[Struct, c_ast.Node]]

    # Declarations

    def _declare(self, declaration: c_ast.Node, system: bool) -> None:
        if not hasattr(self, "_pending"):
            self._pending = []
        if isinstance(declaration, c_ast.Typedef):
            self._definitions(declaration.type, declaration.name, system)
            self.typedefs.setdefault(declaration.name, declaration.type)
        elif isinstance(declaration, c_ast.FuncDef):
            self.inline[declaration.decl.name] = declaration.decl
        elif isinstance(declaration, c_ast.Decl):
            if isinstance(declaration.type, c_ast.FuncDecl):
                self._definitions(declaration.type, "", system)
                self.functions[declaration.name] = declaration
            else:
                self._definitions(declaration.type, declaration.name or "", system)
                if declaration.name and "extern" in declaration.storage:
                    self.variables[declaration.name] = declaration

    def _definitions(self, node: Optional[c_ast.Node], name: str, system: bool, path: str = "", outer: str = "") -> None:
        """Finds the structs and enums that are defined within a declaration."""
        if isinstance(node, (c_ast.Struct, c_ast.Union)):
            union = isinstance(node, c_ast.Union)
            kind = "union" if union else "struct"
            if node.name:
                key = node.name
                struct = self.structs.setdefault(key, Struct(key, union, f"{kind} {node.name}", system=system))
            elif node.decls is not None:
                key = f"{outer}_{name}" if outer else name
                while key in self.structs:
                    key += "_"
                struct = self.structs[key] = Struct(key, union, "" if outer else name, path, system=system)
            else:
                return
            self._of_node[id(node)] = struct
            if node.decls is None:
                return
            inner_outer = f"{outer}_{name}" if outer and not node.name else struct.name
            for i, member in enumerate(node.decls):
                inner_path = f"{path}.{member.name}" if path else f"{struct.c_name}.{member.name}"
                self._definitions(member.type, member.name or f"anonymous{i}", system,
                                  inner_path if member.name else (path or struct.c_name), inner_outer)
            self._pending.append((struct, node))
        elif isinstance(node, c_ast.Enum):
            self._enum(node, "" if outer else name)
        elif isinstance(node, c_ast.FuncDecl):
            self._definitions(node.type, name, system, path, outer)
            for parameter in node.args.params if node.args else []:
                if not isinstance(parameter, c_ast.EllipsisParam):
                    self._definitions(parameter.type, "", system)
        elif node is not None and hasattr(node, "type") and not isinstance(node, c_ast.Constant):
            self._definitions(node.type, name, system, path, outer)

    def _enum(self, node: c_ast.Enum, name: str) -> None:
        if node.values is None:
            return
        members: dict[str, int] = {}
        following = 0
        shifts = False
        for enumerator in node.values.enumerators:
            if enumerator.value is not None:
                following = self.evaluate(enumerator.value)
                shifts = shifts or any(isinstance(n, c_ast.BinaryOp) and n.op == "<<" for n in walk(enumerator.value))
            members[enumerator.name] = self.constants[enumerator.name] = following
            following += 1
        values = [value for value in members.values() if value]
        single = 0
        for value in values:
            if value > 0 and value & (value - 1) == 0:
                single |= value
        flags = shifts and all(value > 0 and value & ~single == 0 for value in values)
        enum = Enum(node.name or name, members, flags)
        self.enums.append(enum)
        self._enum_of_node[id(node)] = enum
        if node.name:
            self.enum_of[node.name] = enum

    # Constant expressions

    def evaluate(self, node: c_ast.Node) -> int:
        if isinstance(node, c_ast.Constant):
            if node.type == "char":
                text = node.value[1:-1].encode().decode("unicode_escape")
                return ord(text)
            return int(node.value.rstrip("uUlL"), 8 if node.value.startswith("0") and node.value[1:2].isdigit() else 0)
        if isinstance(node, c_ast.ID):
            return self.constants[node.name]
        if isinstance(node, c_ast.UnaryOp):
            if node.op == "sizeof":
                raise NotImplementedError("sizeof")
            value = self.evaluate(node.expr)
            return {"-": -value, "~": ~value, "!": int(not value), "+": value}[node.op]
        if isinstance(node, c_ast.Cast):
            return self.evaluate(node.expr)
        if isinstance(node, c_ast.TernaryOp):
            return self.evaluate(node.iftrue if self.evaluate(node.cond) else node.iffalse)
        if isinstance(node, c_ast.BinaryOp):
            a, b = self.evaluate(node.left), self.evaluate(node.right)
            return {"+": a + b, "-": a - b, "*": a * b, "/": a // b if b else 0, "%": a % b if b else 0, "|": a | b,
                    "&": a & b, "^": a ^ b, "<<": a << b if 0 <= b < 64 else 0, ">>": a >> b if 0 <= b < 64 else 0,
                    "==": int(a == b), "!=": int(a != b), "<": int(a < b), ">": int(a > b), "<=": int(a <= b),
                    ">=": int(a >= b), "&&": int(bool(a and b)), "||": int(bool(a or b))}[node.op]
        raise NotImplementedError(type(node).__name__)

    # Types

    def _fields(self, struct: Struct, node: Union[c_ast.Struct, c_ast.Union]) -> "list[Field]":
        fields = []
        for i, member in enumerate(node.decls):
            needs: list[str] = []
            kind = self.ctype(member.type, "field", needs)
            for need in needs:
                if not self.is_complete(self.structs[need]):
                    raise SystemExit(f"{struct.c_name}.{member.name} is a struct {need}, whose members have to be added to "
                                     "SYSTEM in generator/header.py")
            bits = self.evaluate(member.bitsize) if member.bitsize is not None else None
            name = member.name or f"anonymous{i}"
            fields.append(Field(python_name(name), name, kind, bits, member.type, needs, member.name is None))
        self._narrow(fields)
        return fields

    def _narrow(self, fields: "list[Field]") -> None:
        """C puts a small member right behind bit-fields, into what is left of their int. ctypes does so only when the
        bit-fields' own type is small."""
        start = 0
        for i, field in enumerate(fields):
            if field.bits is not None:
                continue
            bits = sum(f.bits or 0 for f in fields[start:i])
            if bits and self.scalar(field.type) in SMALL:
                for f in fields[start:i]:
                    f.type = {8: "c_uint8", 16: "c_uint16"}.get((bits + 7) // 8 * 8, f.type)
            start = i + 1

    def scalar(self, kind: str) -> str:
        """What a typedef stands for, down to a type of ctypes."""
        while kind in self.typedefs and kind not in self.structs:
            kind = self.ctype(self.typedefs[kind], "field")
        return kind

    def struct_of(self, node: c_ast.Node) -> Optional[Struct]:
        if id(node) in self._of_node:
            return self._of_node[id(node)]
        return self.structs.get(node.name) if node.name else None

    def ctype(self, node: c_ast.Node, where: str, needs: Optional[list[str]] = None) -> str:
        """The ctypes expression. where: parameter, field, result, callback, callback result, element.

        needs receives the structs that have to be complete before.
        """
        if needs is None:
            needs = []
        if isinstance(node, c_ast.TypeDecl):
            return self.ctype(node.type, where, needs)
        if isinstance(node, c_ast.Typename):
            return self.ctype(node.type, where, needs)
        if isinstance(node, c_ast.IdentifierType):
            name = " ".join(node.names)
            if name == "void":
                return "None"
            if name in SCALARS:
                return SCALARS[name]
            target = self.typedefs[name]
            if name in self.system_names:
                return self.ctype(target, where, needs)
            kind = self.ctype(target, where, needs)
            return name if self.has_alias(name) and where != "callback result" and kind != "c_void_p" else kind
        if isinstance(node, (c_ast.Struct, c_ast.Union)):
            struct = self.struct_of(node)
            if struct is None:
                raise SystemExit(f"a value of the incomplete struct {node.name}")
            needs.append(struct.name)
            return struct.name
        if isinstance(node, c_ast.Enum):
            enum = self.enum_of.get(node.name) or self._enum_of_node.get(id(node))
            return "c_int" if enum and any(value < 0 for value in enum.members.values()) else "c_uint"
        if isinstance(node, c_ast.ArrayDecl):
            if where in ("parameter", "callback"):
                return self.pointer(node.type, where)
            element = self.ctype(node.type, "element", needs)
            return f"{element} * {self.evaluate(node.dim) if node.dim is not None else 0}"
        if isinstance(node, c_ast.PtrDecl):
            return self.pointer(node.type, where)
        if isinstance(node, c_ast.FuncDecl):
            return self.function_type(node)
        raise SystemExit(f"no ctypes for {type(node).__name__}")

    def pointer(self, node: c_ast.Node, where: str) -> str:
        if where == "callback result":
            return "c_void_p"
        const = "const" in getattr(node, "quals", [])
        target: c_ast.Node = node
        while True:
            if isinstance(target, c_ast.TypeDecl):
                const = const or "const" in target.quals
                target = target.type
            elif isinstance(target, c_ast.IdentifierType):
                name = " ".join(target.names)
                if name == "void" or name == "va_list":
                    return "c_void_p"
                if name == "char":
                    if const:
                        return "c_char_p"
                    return "POINTER(c_char)" if where in ("field", "element") else "c_void_p"
                if name in BYTES and where in ("parameter", "callback", "result"):
                    return "c_void_p"
                if name in SCALARS:
                    return f"POINTER({SCALARS[name]})"
                if isinstance(self.typedefs[name], c_ast.FuncDecl):
                    return name
                target = self.typedefs[name]
            else:
                break
        if isinstance(target, (c_ast.Struct, c_ast.Union)):
            struct = self.struct_of(target)
            if struct is None or not self.is_complete(struct):
                return "c_void_p"
            return f"POINTER({struct.name})"
        if isinstance(target, c_ast.FuncDecl):
            return self.function_type(target)
        if isinstance(target, c_ast.PtrDecl):
            return f"POINTER({self.pointer(target.type, 'element')})"
        return f"POINTER({self.ctype(target, 'element')})"

    def is_complete(self, struct: Struct) -> bool:
        return any(pending is struct for pending, _ in self._pending)

    def parameters(self, node: c_ast.FuncDecl) -> list[c_ast.Node]:
        if node.args is None:
            return []
        parameters = [p for p in node.args.params if not isinstance(p, c_ast.EllipsisParam)]
        if len(parameters) == 1 and getattr(parameters[0].type, "type", None) is not None:
            only = parameters[0].type.type
            if isinstance(only, c_ast.IdentifierType) and only.names == ["void"]:
                return []
        return parameters

    def function_type(self, node: c_ast.FuncDecl) -> str:
        kinds = [self.ctype(node.type, "callback result")]
        kinds += [self.ctype(p.type, "callback") for p in self.parameters(node)]
        return f"CFUNCTYPE({', '.join(kinds)})"

    def has_alias(self, name: str) -> bool:
        """Whether a typedef of ours gets a name among the ctypes. Those of enums do among the enums."""
        return name not in self.system_names and name in self.typedefs and self.enum_behind(name) is None

    def enum_behind(self, name: str) -> Optional[Enum]:
        """The enum that a typedef stands for, if it does."""
        node: c_ast.Node = self.typedefs[name]
        while isinstance(node, c_ast.TypeDecl):
            node = node.type
        if isinstance(node, c_ast.Enum):
            return self.enum_of.get(node.name) or self._enum_of_node.get(id(node))
        if isinstance(node, c_ast.IdentifierType) and " ".join(node.names) in self.typedefs:
            return self.enum_behind(" ".join(node.names))
        return None


def walk(node: c_ast.Node):  # type: ignore[no-untyped-def]
    yield node
    for _, child in node.children():
        yield from walk(child)
