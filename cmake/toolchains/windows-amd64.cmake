# Windows on amd64, with mingw-w64 (Debian: gcc-mingw-w64-x86-64). Builds the portable parts only, see docs/cross.md.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)

set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Debian's package wine64 puts it where no PATH leads. Without it the tests are built and not run.
find_program(GOLWS_WINE NAMES wine64 wine PATHS /usr/lib/wine)
if(GOLWS_WINE)
	set(CMAKE_CROSSCOMPILING_EMULATOR ${GOLWS_WINE} CACHE STRING "Runs programs of the target")
endif()
