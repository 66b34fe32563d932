# Linux on amd64 with musl as the C library, through the wrapper of Debian's musl-tools.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER musl-gcc)
# the machine runs the programs itself
set(CMAKE_CROSSCOMPILING_EMULATOR "" CACHE STRING "Runs programs of the target")
