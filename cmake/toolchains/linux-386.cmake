# Linux on 32-bit x86, with Debian's cross compiler (gcc-i686-linux-gnu). An amd64 kernel runs the programs itself.
# Go's code uses SSE2; for a processor without it, add -DGOLWS_GO_ENVIRONMENT=GO386=softfloat.
include(${CMAKE_CURRENT_LIST_DIR}/debian_cross.cmake)
golws_debian_cross(i686 i686-linux-gnu "")
