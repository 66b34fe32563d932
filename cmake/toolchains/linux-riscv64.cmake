# Linux on 64-bit RISC-V, with Debian's cross compiler (gcc-riscv64-linux-gnu) and, for the tests, qemu-user.
include(${CMAKE_CURRENT_LIST_DIR}/debian_cross.cmake)
golws_debian_cross(riscv64 riscv64-linux-gnu qemu-riscv64)
