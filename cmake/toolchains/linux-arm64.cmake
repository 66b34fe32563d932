# Linux on 64-bit ARM, with Debian's cross compiler (gcc-aarch64-linux-gnu) and, for the tests, qemu-user.
include(${CMAKE_CURRENT_LIST_DIR}/debian_cross.cmake)
golws_debian_cross(aarch64 aarch64-linux-gnu qemu-aarch64)
