"""Reads the C interface: what libwebsockets.h declares, as pycparser's tree, and the values of its macros and enums.

The C compiler expands the headers. Of what it prints only the text of our own headers is parsed; the system's types that
they mention are declared in SYSTEM below. So the result depends neither on the libc's headers nor on whether OpenSSL's are
installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field

from pycparser import c_ast, c_parser

#: Types of the system that our headers mention, as C. Structs have to have their real layout where they are used by value.
SYSTEM = """
typedef unsigned long size_t; typedef long ssize_t; typedef long ptrdiff_t; typedef long off_t; typedef int wchar_t;
typedef long intptr_t; typedef unsigned long uintptr_t; typedef long time_t; typedef long suseconds_t;
typedef signed char int8_t; typedef unsigned char uint8_t; typedef short int16_t; typedef unsigned short uint16_t;
typedef int int32_t; typedef unsigned int uint32_t; typedef long int64_t; typedef unsigned long uint64_t;
typedef int pid_t; typedef unsigned int uid_t; typedef unsigned int gid_t; typedef unsigned int mode_t;
typedef unsigned int socklen_t; typedef unsigned short sa_family_t; typedef int pthread_t_; typedef unsigned long pthread_t;
typedef _Bool bool; typedef int sig_atomic_t; typedef long clock_t; typedef void *va_list;
typedef struct system_FILE FILE; typedef struct system_DIR DIR; typedef struct system_jmp_buf jmp_buf;
typedef struct system_pthread_mutex pthread_mutex_t;
typedef struct ssl_st SSL; typedef struct ssl_ctx_st SSL_CTX; typedef struct x509_st X509; typedef struct evp_pkey_st EVP_PKEY;
typedef struct X509_name_st X509_NAME; typedef struct x509_store_ctx_st X509_STORE_CTX; typedef struct bio_st BIO;
typedef struct ssl_session_st SSL_SESSION; typedef struct bignum_st BIGNUM; typedef struct rsa_st RSA;
typedef struct evp_md_ctx_st EVP_MD_CTX; typedef struct evp_md_st EVP_MD; typedef struct hmac_ctx_st HMAC_CTX;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX; typedef struct evp_cipher_st EVP_CIPHER; typedef struct engine_st ENGINE;
typedef struct evp_pkey_ctx_st EVP_PKEY_CTX; typedef struct evp_mac_st EVP_MAC; typedef struct evp_mac_ctx_st EVP_MAC_CTX;
typedef struct ec_key_st EC_KEY; typedef struct stack_st_X509 STACK_OF_X509;
typedef struct sqlite3 sqlite3; typedef struct uv_loop_s uv_loop_t; typedef struct uv_timer_s uv_timer_t;
typedef int cap_value_t; typedef struct system_siginfo siginfo_t; typedef struct { void *handle; char *errmsg; } uv_lib_t;
struct in_addr { uint32_t s_addr; };
struct in6_addr { union { uint8_t s6_addr[16]; uint32_t words[4]; }; };
struct sockaddr_in { sa_family_t sin_family; uint16_t sin_port; struct in_addr sin_addr; uint8_t sin_zero[8]; };
struct sockaddr_in6 { sa_family_t sin6_family; uint16_t sin6_port; uint32_t sin6_flowinfo; struct in6_addr sin6_addr;
	uint32_t sin6_scope_id; };
struct sockaddr_storage { sa_family_t ss_family; char padding[118]; unsigned long align; };
struct pollfd { int fd; short events; short revents; };
struct timeval { time_t tv_sec; suseconds_t tv_usec; };
struct timespec { time_t tv_sec; long tv_nsec; };
struct sockaddr { sa_family_t sa_family; char sa_data[14]; };
"""

#: What the compiler is told so that only standard C is left.
DEFINES = ["-D__attribute__(x)=", "-D__extension__=", "-D__inline__=inline", "-D__inline=inline", "-D__restrict=",
           "-D_Noreturn=", "-D__asm__(x)=", "-D__typeof__=typeof"]

#: In lws_config.h, and different on each machine.
PLACES = {"LWS_INSTALL_DATADIR", "LWS_INSTALL_LIBDIR", "LWS_BUILD_HASH"}


@dataclass
class Interface:
    """Everything that the header declares, in the order of the declarations."""

    declarations: list[c_ast.Node]
    system: list[c_ast.Node]
    macros: dict[str, int | str | float] = field(default_factory=dict)
    function_macros: list[str] = field(default_factory=list)


class Compiler:
    """The C compiler with the include directories of the interface."""

    def __init__(self, command: str, includes: list[str], header: str = "libwebsockets.h") -> None:
        self.command = command.split()
        self.includes = [os.path.abspath(directory) for directory in includes]
        self.header = header

    def _run(self, arguments: list[str], source: str) -> subprocess.CompletedProcess[str]:
        options = [option for directory in self.includes for option in ("-I", directory)]
        return subprocess.run([*self.command, "-std=gnu11", "-w", *options, *arguments, "-x", "c", "-"],
                              input=source, capture_output=True, text=True, check=False)

    def expand(self, *options: str) -> str:
        done = self._run(["-E", *DEFINES, *options], f"#include <{self.header}>\n")
        if done.returncode:
            raise SystemExit(f"the header does not compile:\n{done.stderr}")
        return done.stdout

    def ours(self, text: str) -> list[str]:
        """The lines of an expansion that are from our own headers."""
        lines: list[str] = []
        mine = False
        for line in text.splitlines():
            marker = re.match(r'# \d+ "([^"]*)"', line)
            if marker:
                mine = any(os.path.abspath(marker[1]).startswith(d + os.sep) for d in self.includes)
            elif mine:
                lines.append(line)
        return lines

    def errors(self, source: str) -> set[int]:
        """The numbers of the lines that do not compile."""
        done = self._run(["-fsyntax-only", "-fmax-errors=0", "-ftrack-macro-expansion=0"], source)
        return {int(m[1]) for m in re.finditer(r"^<stdin>:(\d+):(?:\d+:)? error", done.stderr, re.M)}

    def output(self, source: str) -> str:
        """What a program prints."""
        with tempfile.TemporaryDirectory() as directory:
            program = os.path.join(directory, "program")
            done = self._run(["-o", program], source)
            if done.returncode:
                raise SystemExit(f"a program of the generator does not compile:\n{done.stderr}")
            return subprocess.run([program], capture_output=True, text=True, check=True).stdout


def macro_values(compiler: Compiler, names: list[str]) -> dict[str, int | str | float]:
    """The values of those macros that are constants; the compiler says which are."""
    head = f"#include <{compiler.header}>\n#include <stdio.h>\n"
    first = head.count("\n") + 1

    def lines(wanted: list[str]) -> str:
        # The initialiser of a static object has to be a constant, and only numbers can be added to 0.0.
        return "".join(f"static const __typeof__(({n}) + 0) probe_{n} = ({n}); static const double number_{n} = "
                       f"_Generic(({n}), char *: 0, const char *: 0, default: ({n})) + 0.0;\n" for n in wanted)

    for _ in range(4):
        bad = compiler.errors(head + lines(names))
        if not bad:
            break
        names = [name for i, name in enumerate(names) if i + first not in bad]
        if not bad & set(range(first, first + len(names) + len(bad))):
            raise SystemExit(f"the compiler complains about other lines of the generator's program: {sorted(bad)[:5]}")
    program = head + """
#define KIND(x) _Generic((x), char *: 's', const char *: 's', float: 'f', double: 'f', unsigned long: 'u', \\
	unsigned long long: 'u', default: 'i')
static void text(const char *name, const char *s) {
	printf("%s\\ts\\t", name);
	for (; *s; s++) printf("%02x", (unsigned char)*s);
	puts("");
}
#define SHOW(name, x) switch (KIND(x)) { \\
	case 's': text(name, _Generic((x), char *: (x), const char *: (x), default: "")); break; \\
	case 'f': printf("%s\\tf\\t%.17g\\n", name, _Generic((x), char *: 0, const char *: 0, default: (x)) + 0.0); break; \\
	case 'u': printf("%s\\tu\\t%llu\\n", name, (unsigned long long)(x)); break; \\
	default: printf("%s\\ti\\t%lld\\n", name, (long long)(x)); }
int main(void) {
""" + "".join(f'\tSHOW("{n}", {n})\n' for n in names) + "\treturn 0;\n}\n"
    values: dict[str, int | str | float] = {}
    for line in compiler.output(program).splitlines():
        name, kind, value = line.split("\t")
        if kind == "s":
            values[name] = bytes.fromhex(value).decode()
        else:
            values[name] = float(value) if kind == "f" else int(value)
    return values


def read(compiler: Compiler) -> Interface:
    """Reads the whole interface."""
    text = "\n".join(line for line in compiler.ours(compiler.expand())
                     if not line.startswith("#"))
    try:
        tree = c_parser.CParser().parse(SYSTEM + "struct golws_end_of_system;\n" + text, "<interface>")
    except Exception as error:
        number = re.search(r":(\d+):", str(error))
        where = (SYSTEM + "struct golws_end_of_system;\n" + text).splitlines()
        line = where[int(number[1]) - 1].strip() if number else ""
        raise SystemExit(f"cannot parse the header: {error}\n\t{line}\n"
                         "A type of the system that is new in it has to be added to SYSTEM in generator/header.py.")
    end = next(i for i, d in enumerate(tree.ext)
               if isinstance(d, c_ast.Decl) and isinstance(d.type, c_ast.Struct) and d.type.name == "golws_end_of_system")
    system = tree.ext[:end]
    tree.ext = tree.ext[end + 1:]

    names: dict[str, None] = {}
    function_macros: dict[str, None] = {}
    for line in compiler.ours(compiler.expand("-dD")):
        if defined := re.match(r"#define (\w+)(\(?)(.*)", line):
            if defined[2]:
                function_macros[defined[1]] = None
            elif defined[3].strip() and defined[1] not in PLACES:
                names[defined[1]] = None
        elif undefined := re.match(r"#undef (\w+)", line):
            names.pop(undefined[1], None)
    return Interface(tree.ext, system, macro_values(compiler, list(names)), list(function_macros))
