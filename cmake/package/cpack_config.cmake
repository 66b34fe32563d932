# Read by cpack for each generator: what a Debian package says about the shared library in it.
#
# cpack can do this itself, but then puts a script into the package that calls ldconfig, where Debian wants a trigger.

cmake_policy(VERSION 3.20)

if(NOT CPACK_GENERATOR STREQUAL "DEB" OR NOT "runtime" IN_LIST CPACK_COMPONENTS_ALL)
	return()
endif()

set(work ${CPACK_GOLWS_BINARY_DIR}/package)
file(WRITE ${work}/triggers "activate-noawait ldconfig\n")
# A program that is packaged depends on this version or newer: it may use a function that older ones lack.
file(WRITE ${work}/shlibs
	"libwebsockets 18 ${CPACK_DEBIAN_RUNTIME_PACKAGE_NAME} (>= ${CPACK_PACKAGE_VERSION})\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${work}/triggers ${work}/shlibs)

find_program(shlibdeps dpkg-shlibdeps)
if(NOT shlibdeps)
	message(FATAL_ERROR "Debian packages need dpkg-shlibdeps: install dpkg-dev.")
endif()
# It will not run without this file, and asks it for nothing.
file(WRITE ${work}/debian/control "Source: golws\n\nPackage: ${CPACK_DEBIAN_RUNTIME_PACKAGE_NAME}\nArchitecture: any\n")
# For another machine, Debian's cross compiler has that one's C library, which says what its package is called there.
set(directories "")
if(CPACK_GOLWS_CROSSCOMPILING)
	set(directories -l/usr/${CPACK_GOLWS_LIBRARY_ARCHITECTURE}/lib)
endif()
execute_process(
	COMMAND ${shlibdeps} -O -x${CPACK_DEBIAN_RUNTIME_PACKAGE_NAME} ${directories} ${CPACK_GOLWS_LIBRARY}
	WORKING_DIRECTORY ${work}
	OUTPUT_VARIABLE depends ERROR_VARIABLE error RESULT_VARIABLE result OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT result EQUAL 0)
	message(FATAL_ERROR "dpkg-shlibdeps: ${error}")
endif()
string(REGEX REPLACE "^shlibs:Depends=" "" depends "${depends}")
string(REGEX REPLACE ":[a-z0-9-]+" "" depends "${depends}")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS ${depends})
# the same object files
set(CPACK_DEBIAN_SONAME17_PACKAGE_DEPENDS ${depends})
