# golws_debian_cross(<processor> <triple> <emulator>)
#
# What Debian's cross compilers have in common: <triple>-gcc, and libraries below /usr/<triple>. <emulator> runs the
# tests, and may be empty where the machine runs the programs itself.
macro(golws_debian_cross processor triple emulator)
	set(CMAKE_SYSTEM_NAME Linux)
	set(CMAKE_SYSTEM_PROCESSOR ${processor})
	set(CMAKE_C_COMPILER ${triple}-gcc)

	set(CMAKE_FIND_ROOT_PATH /usr/${triple})
	set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
	set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
	set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
	set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

	if(NOT "${emulator}" STREQUAL "")
		# -L: where the dynamic loader and the C library of that machine are
		set(CMAKE_CROSSCOMPILING_EMULATOR "${emulator};-L;/usr/${triple}" CACHE STRING "Runs programs of the target")
	endif()
endmacro()
