# What cmake --install puts where, and the package configurations for CMake and pkg-config.
#
# Components: runtime (what a program needs that is linked to the shared library), development, examples.

include(CMakePackageConfigHelpers)

set(golws_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/libwebsockets)
set(golws_package_sources ${PROJECT_SOURCE_DIR}/cmake/package)

install(TARGETS ${golws_libraries} EXPORT LibwebsocketsTargets
	LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
	ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)

install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.h")

# Files that name the prefix are made when it is known: at the installation, which may choose another one.
install(CODE "
	set(golws_source_dir \"${PROJECT_SOURCE_DIR}\")
	set(golws_binary_dir \"${PROJECT_BINARY_DIR}\")
	set(golws_version \"${PROJECT_VERSION}\")
	set(golws_libdir \"${CMAKE_INSTALL_LIBDIR}\")
	set(golws_includedir \"${CMAKE_INSTALL_INCLUDEDIR}\")
	set(golws_libraries \"${golws_libraries}\")
	include(\"${golws_package_sources}/files_with_prefix.cmake\")
	" COMPONENT development)

# The shared library first: it is what a program gets that does not choose.
list(GET golws_libraries 0 golws_default_library)

configure_file(${golws_package_sources}/libwebsockets-config.cmake.in libwebsockets-config.cmake @ONLY)
# Any version up to ours is what a program asks for, whichever its major number, as with libwebsockets.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/libwebsockets-config-version.cmake
	VERSION ${PROJECT_VERSION} COMPATIBILITY AnyNewerVersion)
configure_file(${golws_package_sources}/LwsCheckRequirements.cmake LwsCheckRequirements.cmake COPYONLY)
install(EXPORT LibwebsocketsTargets DESTINATION ${golws_package_dir} COMPONENT development)
install(FILES
	${PROJECT_BINARY_DIR}/libwebsockets-config.cmake
	${PROJECT_BINARY_DIR}/libwebsockets-config-version.cmake
	${PROJECT_BINARY_DIR}/LwsCheckRequirements.cmake
	DESTINATION ${golws_package_dir} COMPONENT development)

# The build tree is a package as well: libwebsockets_DIR may name it.
export(EXPORT LibwebsocketsTargets FILE ${PROJECT_BINARY_DIR}/LibwebsocketsTargets.cmake)

# What find_package() would have set, for a project that builds the library as a part of itself.
if(NOT golws_is_top_level)
	set(LIBWEBSOCKETS_INCLUDE_DIRS ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include CACHE INTERNAL "")
	set(LIBWEBSOCKETS_LIBRARIES ${golws_default_library} CACHE INTERNAL "")
	set(LIBWEBSOCKETS_LIBRARIES_STATIC "" CACHE INTERNAL "")
	set(LIBWEBSOCKETS_LIBRARIES_SHARED "" CACHE INTERNAL "")
	if(LWS_WITH_STATIC)
		set(LIBWEBSOCKETS_LIBRARIES_STATIC websockets CACHE INTERNAL "")
	endif()
	if(LWS_WITH_SHARED)
		set(LIBWEBSOCKETS_LIBRARIES_SHARED websockets_shared CACHE INTERNAL "")
	endif()
	set(LIBWEBSOCKETS_DEP_LIBS ${CMAKE_THREAD_LIBS_INIT} ${CMAKE_DL_LIBS} m CACHE INTERNAL "")
	set(LIBWEBSOCKETS_VERSION ${PROJECT_VERSION} CACHE INTERNAL "")
	set(LWS_CMAKE_DIR ${golws_package_sources} CACHE INTERNAL "")
endif()
