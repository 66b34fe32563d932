# Macros with which projects for libwebsockets say what they need of it. find_package(libwebsockets) brings them, and
# include(LwsCheckRequirements) finds them once LWS_CMAKE_DIR is in CMAKE_MODULE_PATH.

# require_lws_config(<macro> <wanted> <variable>)
#
# Stops unless lws_config.h defines <macro> (<wanted> 1) or does not (<wanted> 0), and sets HAS_<macro> to which it is.
# <variable>, in which a project notes whether all its requirements are met, stays as it is.
macro(require_lws_config lws_macro lws_wanted lws_variable)
	_lws_config_defines(${lws_macro} HAS_${lws_macro})
	if(${lws_wanted} AND NOT HAS_${lws_macro})
		message(FATAL_ERROR "${PROJECT_NAME} needs ${lws_macro}, which this libwebsockets does not have.")
	elseif(NOT ${lws_wanted} AND HAS_${lws_macro})
		message(FATAL_ERROR "${PROJECT_NAME} needs a libwebsockets without ${lws_macro}, and this one has it.")
	endif()
endmacro()

# require_pthreads(<variable>)
#
# Stops where there are no POSIX threads, and sets PTHREAD_LIB to what a program that uses them links. <variable> stays
# as it is.
macro(require_pthreads lws_variable)
	set(THREADS_PREFER_PTHREAD_FLAG ON)
	find_package(Threads QUIET)
	if(NOT CMAKE_USE_PTHREADS_INIT)
		message(FATAL_ERROR "${PROJECT_NAME} needs POSIX threads, and there are none.")
	endif()
	set(PTHREAD_LIB Threads::Threads)
endmacro()

# sai_resource(<name> <amount> <lease> <scope>)
#
# Reserves something for the tests of libwebsockets' examples where a Sai server builds them; here there is nothing to
# reserve.
macro(sai_resource)
endmacro()

# Sets <variable> to 1 or 0.
function(_lws_config_defines macro variable)
	set(found 0)
	set(read NO)
	foreach(directory ${LIBWEBSOCKETS_INCLUDE_DIRS})
		if(EXISTS ${directory}/lws_config.h)
			set(read YES)
			file(STRINGS ${directory}/lws_config.h lines REGEX "^#define ${macro}([ \t(].*)?$")
			if(lines)
				set(found 1)
			endif()
		endif()
	endforeach()
	if(NOT read)
		message(FATAL_ERROR "No lws_config.h in LIBWEBSOCKETS_INCLUDE_DIRS (${LIBWEBSOCKETS_INCLUDE_DIRS}).")
	endif()
	set(${variable} ${found} PARENT_SCOPE)
endfunction()
