# golws_check_platform() makes the target golws_platform: what the C parts need to know about the C library and the
# machine that they are compiled for.

include(CheckSymbolExists)
include(CheckCSourceCompiles)

macro(golws_check_platform)
	add_library(golws_platform INTERFACE)
	# Files above 2 GiB, and inode numbers of large file systems, on 32-bit machines. No off_t or struct stat is in the
	# interface, so programs choose for themselves.
	target_compile_definitions(golws_platform INTERFACE _FILE_OFFSET_BITS=64)

	# glibc 2.35; musl has none. A bare system call would do, but that is no point at which a thread can be cancelled.
	set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
	check_symbol_exists(epoll_pwait2 sys/epoll.h GOLWS_HAVE_EPOLL_PWAIT2)
	unset(CMAKE_REQUIRED_DEFINITIONS)
	if(GOLWS_HAVE_EPOLL_PWAIT2)
		target_compile_definitions(golws_platform INTERFACE GOLWS_HAVE_EPOLL_PWAIT2)
	endif()

	# Position-independent code for 386 has small functions that each object brings along, for the linker to keep one of
	# them. In the static library they are private, so that it must not drop ours in favour of a program's.
	set(golws_whole_object_flags "")
	if(golws_goarch STREQUAL 386)
		set(golws_whole_object_flags -Wl,--force-group-allocation)
	endif()

	# glibc has thread-local memory in reserve for libraries that are loaded by dlopen, musl has not.
	check_symbol_exists(__GLIBC__ features.h GOLWS_HAVE_GLIBC)
	set(golws_dynamic_tls OFF)
	if(NOT GOLWS_HAVE_GLIBC AND EXISTS ${PROJECT_SOURCE_DIR}/capi/dynamictls/thunks/${golws_goarch}.S)
		set(golws_dynamic_tls ON)
	endif()
	option(GOLWS_DYNAMIC_TLS
		"Let dlopen load the library where the C library reserves no thread-local memory (amd64)" ${golws_dynamic_tls})
endmacro()
