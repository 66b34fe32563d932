"""The C interface of libwebsockets, as it is.

Every function, struct, enum, constant and type of callback that libwebsockets.h declares has its C name here:

    from golws import lowlevel as lws

    info = lws.lws_context_creation_info(port=lws.CONTEXT_PORT_NO_LISTEN)
    context = lws.lws_create_context(info)

It is generated from the header, so it cannot differ from it. What the types are:

- Handles (struct lws *, struct lws_context *, struct lws_vhost *, ...) are addresses: int, or None for NULL.
- const char * is bytes. Other pointers to bytes take bytes, a ctypes array or an address.
- Pointers to structs take byref(struct) or pointer(struct); functions take the struct itself, too.
- Enums are IntEnum, or IntFlag where their values are bits. Their constants are also here directly.
- A callback is made from a Python function by calling its type: lws.lws_callback_function(function). Keep a reference to
  it as long as C may call it. An exception must not leave it: ctypes prints it and returns 0.
- Where a Python keyword is the name of a struct's member, an underscore follows: lws_http_mount.def_.
- Where a struct or enum has the name of a function, the name is the function, and the other is struct_<name> or enum_<name>.

Functions are looked up when they are first used, and release the GIL while they run. One that the header declares and the
library does not have raises NotImplementedByLibrary, an AttributeError. Macros that look like functions are not here; the
header's inline functions are, written in Python.

This level is as sharp as C. golws itself is the comfortable one.
"""

from __future__ import annotations

from typing import Any

from . import inline as _inline
from .constants import *  # noqa: F401,F403
from .enums import *  # noqa: F401,F403
from .functions import FUNCTIONS as _functions
from .functions import INLINE as _inline_prototypes
from .functions import VARIABLES as _variables
from .library import LibraryError, NotImplementedByLibrary, load, path  # noqa: F401
from .library import function as _function
from .library import variable as _variable
from .structures import *  # noqa: F401,F403

for _name in (*_functions, *_inline_prototypes):
    if _name in globals():
        _type = globals().pop(_name)
        globals()[("enum_" if hasattr(_type, "__members__") else "struct_") + _name] = _type
        del _type
for _name in _inline_prototypes:
    if hasattr(_inline, _name):
        globals()[_name] = getattr(_inline, _name)
        globals()[_name].__doc__ += "\n\n" + _inline_prototypes[_name]
del _name


def __getattr__(name: str) -> Any:
    if name in _functions:
        found = globals()[name] = _function(name, _functions[name])
    elif name in _variables:
        found = globals()[name] = _variable(name, _variables[name])
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}: libwebsockets.h declares nothing of that name")
    return found


def __dir__() -> list[str]:
    return sorted({*(name for name in globals() if not name.startswith("_")), *_functions, *_variables})
