# Linux on 32-bit ARM, version 7 with floating point, with Debian's cross compiler (gcc-arm-linux-gnueabihf) and, for the tests, qemu-user.
include(${CMAKE_CURRENT_LIST_DIR}/debian_cross.cmake)
golws_debian_cross(armv7l arm-linux-gnueabihf qemu-arm)
