# The loops that the programs under test bring along; the library itself is linked to none of them.

# For another machine, or another C library, pkg-config and CMake find this one's, unless they are told where to look.
set(loops_are_here TRUE)
if(CMAKE_CROSSCOMPILING AND NOT DEFINED ENV{PKG_CONFIG_LIBDIR} AND NOT DEFINED ENV{PKG_CONFIG_SYSROOT_DIR})
	set(loops_are_here FALSE)
endif()

find_package(PkgConfig)
if(PkgConfig_FOUND AND loops_are_here)
	foreach(loop libuv:libuv glib:glib-2.0 libevent:libevent_core sdevent:libsystemd)
		string(REPLACE : ";" pair ${loop})
		list(GET pair 0 name)
		list(GET pair 1 package)
		pkg_check_modules(loop_${name} QUIET IMPORTED_TARGET ${package})
		if(loop_${name}_FOUND)
			set(loop_${name} PkgConfig::loop_${name})
		endif()
	endforeach()
endif()
# Debian's package has no file for pkg-config, and its header is ev.h as libevent's compatibility with it is.
find_library(loop_libev_library ev)
find_path(loop_libev_header ev.h)
if(loop_libev_library AND loop_libev_header AND loops_are_here)
	set(loop_libev ${loop_libev_library})
endif()

# The static one is for the race detector, see ./test.
golws_test(threads STATIC_TOO)

foreach(name libuv glib libevent libev sdevent)
	if(loop_${name})
		golws_test(${name} LIBRARIES ${loop_${name}})
	else()
		message(STATUS "tests/c/loops: no development files for ${name}.c, it is left out")
		golws_test(${name} LEFT_OUT)
	endif()
endforeach()
