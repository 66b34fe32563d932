# Run by the installation, which knows the prefix: makes and installs lws_config.h and the two files of pkg-config.
#
# In: CMAKE_INSTALL_PREFIX, golws_source_dir, golws_binary_dir, golws_version, golws_libdir and golws_includedir
# (relative to the prefix, or absolute), golws_libraries

cmake_policy(VERSION 3.20)

set(made ${golws_binary_dir}/installed)

configure_file(${golws_source_dir}/cmake/lws_config.h.in ${made}/lws_config.h @ONLY)

# pkg-config finds the prefix from where its file is, so that the tree may be moved. Not in /usr: there pkg-config is to
# recognise the compiler's own directories, and does so by name only.
set(pc_prefix ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE "${golws_libdir}" AND NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
	file(RELATIVE_PATH up /${golws_libdir}/pkgconfig /)
	string(REGEX REPLACE "/$" "" up "${up}")
	set(pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(directory libdir includedir)
	if(IS_ABSOLUTE "${golws_${directory}}")
		set(pc_${directory} ${golws_${directory}})
	else()
		set(pc_${directory} "\${prefix}/${golws_${directory}}")
	endif()
endforeach()

# What goes with the library is a program's business only if the library is the static one.
set(pc_libs "-L\${libdir} -lwebsockets")
set(pc_system_libs "-pthread -ldl -lm")
if("websockets_shared" IN_LIST golws_libraries)
	set(pc_libs_private ${pc_system_libs})
else()
	string(APPEND pc_libs " ${pc_system_libs}")
	set(pc_libs_private "")
endif()

set(pc_files "")
configure_file(${CMAKE_CURRENT_LIST_DIR}/libwebsockets.pc.in ${made}/libwebsockets.pc @ONLY)
list(APPEND pc_files ${made}/libwebsockets.pc)
if("websockets" IN_LIST golws_libraries)
	configure_file(${CMAKE_CURRENT_LIST_DIR}/libwebsockets_static.pc.in ${made}/libwebsockets_static.pc @ONLY)
	list(APPEND pc_files ${made}/libwebsockets_static.pc)
endif()

# install(DESTINATION) says it so, too: what is absolute stays so.
function(destination directory variable)
	if(NOT IS_ABSOLUTE "${directory}")
		set(directory ${CMAKE_INSTALL_PREFIX}/${directory})
	endif()
	set(${variable} ${directory} PARENT_SCOPE)
endfunction()
destination("${golws_includedir}" include_destination)
destination("${golws_libdir}/pkgconfig" pc_destination)
file(INSTALL ${made}/lws_config.h DESTINATION ${include_destination})
file(INSTALL ${pc_files} DESTINATION ${pc_destination})
