# golws_add_reference(): the target "reference", which makes the HTML reference of the headers and guides with Doxygen
# in <build>/reference/html. It fails on anything that Doxygen finds wrong or undocumented.
function(golws_add_reference)
	find_program(GOLWS_DOXYGEN doxygen DOC "Makes the HTML reference")
	find_program(GOLWS_DOT dot DOC "Draws the diagrams in the HTML reference")
	mark_as_advanced(GOLWS_DOXYGEN GOLWS_DOT)
	if(NOT GOLWS_DOXYGEN)
		return()
	endif()

	set(GOLWS_REFERENCE_HAVE_DOT NO)
	if(GOLWS_DOT)
		set(GOLWS_REFERENCE_HAVE_DOT YES)
	endif()
	configure_file(docs/reference/Doxyfile.in reference/Doxyfile @ONLY)
	add_custom_target(reference
		COMMAND ${CMAKE_COMMAND} -E rm -rf ${PROJECT_BINARY_DIR}/reference/html
		COMMAND ${GOLWS_DOXYGEN} ${PROJECT_BINARY_DIR}/reference/Doxyfile
		COMMAND ${PROJECT_SOURCE_DIR}/docs/reference/check.sh ${PROJECT_BINARY_DIR}/reference ${PROJECT_SOURCE_DIR}
		COMMENT "Making the HTML reference" VERBATIM)
endfunction()
