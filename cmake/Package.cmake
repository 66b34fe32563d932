# cpack -G DEB: Debian packages. cpack -G TGZ: everything in one archive.
#
# The packages are named after what is different about them, as libjpeg62-turbo is: a Debian that has libwebsockets 4.2
# itself calls it libwebsockets18, and the two must not be taken for versions of one another. They provide its name and
# replace it, one at a time. Debian 12's libwebsockets17 has another soname and no file in common: both can be installed.

set(golws_runtime_package libwebsockets18-golws)
set(golws_development_package libwebsockets-golws-dev)
set(golws_soname17_package libwebsockets17-golws)
set(CPACK_PACKAGE_CONTACT "golws <golws@localhost>" CACHE STRING "Maintainer of the packages that cpack makes")
set(CPACK_DEBIAN_PACKAGE_RELEASE 1 CACHE STRING "Revision of the Debian packages")
set(version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/documents)
set(copyright ${PROJECT_BINARY_DIR}/documents/copyright)
add_custom_command(OUTPUT ${copyright}
	DEPENDS ${PROJECT_SOURCE_DIR}/go.mod ${PROJECT_SOURCE_DIR}/go.sum ${golws_package_sources}/copyright.cmake
	COMMAND ${CMAKE_COMMAND} -DGO=${GOLWS_GO} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DPACKAGE=capi -DOUTPUT=${copyright}
		-P ${golws_package_sources}/copyright.cmake
	COMMENT "Collecting the licences" VERBATIM)
find_program(GOLWS_GZIP gzip)
mark_as_advanced(GOLWS_GZIP)
set(documents ${copyright})
if(GOLWS_GZIP)
	# Debian wants a changelog of the package beside the library's.
	file(TIMESTAMP ${PROJECT_SOURCE_DIR}/CHANGELOG.md date "%a, %d %b %Y %H:%M:%S +0000" UTC)
	set(changelog_debian ${PROJECT_BINARY_DIR}/documents/changelog.Debian)
	file(CONFIGURE OUTPUT ${changelog_debian} CONTENT "golws (${version}) unstable; urgency=medium\n\n\
  * For what is new, see changelog.gz.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
	foreach(changelog CHANGELOG.md=changelog.gz ${changelog_debian}=changelog.Debian.gz)
		string(REGEX MATCH "^(.*)=(.*)$" matched ${changelog})
		get_filename_component(source ${CMAKE_MATCH_1} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
		set(compressed ${PROJECT_BINARY_DIR}/documents/${CMAKE_MATCH_2})
		add_custom_command(OUTPUT ${compressed} DEPENDS ${source}
			COMMAND ${GOLWS_GZIP} -9nc ${source} > ${compressed} VERBATIM)
		list(APPEND documents ${compressed})
	endforeach()
endif()
add_custom_target(golws_documents ALL DEPENDS ${documents})
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${golws_runtime_package} COMPONENT runtime)
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${golws_development_package}
	COMPONENT development)
if(GOLWS_SONAME17)
	install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${golws_soname17_package}
		COMPONENT soname17)
endif()

# cpack strips programs and shared libraries. The static library needs its symbols, and not what debuggers read.
if(LWS_WITH_STATIC)
	install(CODE "
		if(CMAKE_INSTALL_DO_STRIP)
			set(archive \"${CMAKE_INSTALL_LIBDIR}/libwebsockets.a\")
			if(NOT IS_ABSOLUTE \"\${archive}\")
				set(archive \"\${CMAKE_INSTALL_PREFIX}/\${archive}\")
			endif()
			execute_process(COMMAND \"${CMAKE_OBJCOPY}\" --strip-debug \"\$ENV{DESTDIR}\${archive}\"
				RESULT_VARIABLE result)
			if(NOT result EQUAL 0)
				message(FATAL_ERROR \"cannot strip \${archive}\")
			endif()
		endif()
		" COMPONENT development)
endif()

set(CPACK_PACKAGE_NAME golws)
set(CPACK_PACKAGE_VENDOR golws)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_THREADS 0)
set(CPACK_COMPONENTS_ALL development)
if(LWS_WITH_SHARED)
	list(PREPEND CPACK_COMPONENTS_ALL runtime)
endif()
if(GOLWS_SONAME17)
	list(APPEND CPACK_COMPONENTS_ALL soname17)
endif()
string(TOLOWER ${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR} system)
set(CPACK_PACKAGE_FILE_NAME golws-${PROJECT_VERSION}-${system})

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SOURCE golws)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

# What Debian calls the machine that is built for.
if(CMAKE_CROSSCOMPILING AND CMAKE_LIBRARY_ARCHITECTURE)
	set(architectures
		x86_64-linux-gnu=amd64 i386-linux-gnu=i386 i686-linux-gnu=i386 aarch64-linux-gnu=arm64
		arm-linux-gnueabihf=armhf riscv64-linux-gnu=riscv64)
	list(FILTER architectures INCLUDE REGEX "^${CMAKE_LIBRARY_ARCHITECTURE}=")
	string(REGEX REPLACE ".*=" "" CPACK_DEBIAN_PACKAGE_ARCHITECTURE "${architectures}")
endif()
set(golws_multiarch "")
if(CMAKE_LIBRARY_ARCHITECTURE AND CMAKE_INSTALL_LIBDIR MATCHES "(^|/)${CMAKE_LIBRARY_ARCHITECTURE}$")
	set(golws_multiarch same)
endif()

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${golws_runtime_package})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_MULTIARCH ${golws_multiarch})
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION
	"libwebsockets on an engine written in Go - shared library\n\
HTTP and WebSocket for C programs: the library for those that are linked to\n\
libwebsockets 4.2. What comes from the network is parsed in Go.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_PROVIDES "libwebsockets18 (= ${version})")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONFLICTS libwebsockets18)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_REPLACES libwebsockets18)
set(CPACK_PROJECT_CONFIG_FILE ${golws_package_sources}/cpack_config.cmake)
set(CPACK_GOLWS_BINARY_DIR ${PROJECT_BINARY_DIR})
set(CPACK_GOLWS_LIBRARY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/libwebsockets.so.18)
set(CPACK_GOLWS_CROSSCOMPILING ${CMAKE_CROSSCOMPILING})
set(CPACK_GOLWS_LIBRARY_ARCHITECTURE ${CMAKE_LIBRARY_ARCHITECTURE})

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME ${golws_development_package})
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_MULTIARCH ${golws_multiarch})
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
	"libwebsockets on an engine written in Go - development files\n\
HTTP and WebSocket for C programs: the headers, the static library, and what\n\
CMake and pkg-config need to find them.")
set(depends "libc6-dev | libc-dev")
if(LWS_WITH_SHARED)
	string(PREPEND depends "${golws_runtime_package} (= ${version}), ")
endif()
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS ${depends})
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_PROVIDES "libwebsockets-dev (= ${version})")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_CONFLICTS libwebsockets-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_REPLACES libwebsockets-dev)

# In a directory of its own, where programs look that are told to.
set(CPACK_DEBIAN_SONAME17_PACKAGE_NAME ${golws_soname17_package})
set(CPACK_DEBIAN_SONAME17_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_SONAME17_PACKAGE_MULTIARCH ${golws_multiarch})
set(CPACK_DEBIAN_SONAME17_DESCRIPTION
	"libwebsockets on an engine written in Go - for programs of Debian 12\n\
HTTP and WebSocket for C programs: the library with the interface of 4.1.6,\n\
for programs that are linked to libwebsockets17. They use it instead of\n\
Debian's when LD_LIBRARY_PATH names its directory,\n\
/usr/${CMAKE_INSTALL_LIBDIR}/golws-soname17.")

include(CPack)
