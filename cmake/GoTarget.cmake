# What the Go side is built for: derived from the C compiler, so that any toolchain file will do.
#
# golws_go_target() sets, for the directory that calls it:
#	GOLWS_MACHINE_CC           the C compiler as a list, with the flags that choose the machine, ABI and sysroot
#	GOLWS_GO_ENVIRONMENT  (cached) settings of Go's that the user adds or overrides: GOAMD64=v3;GO386=softfloat ...
#	golws_goarch          Go's name of the processor
#	golws_go_environment  GOOS, GOARCH and the like as a list of name=value, the user's last

set(GOLWS_GO_ENVIRONMENT "" CACHE STRING
	"Settings of the Go side that are not derived from the C compiler, for example GOAMD64=v3;GO386=softfloat")

# The compiler that cgo calls. Flags that decide what the object looks like have to be the same as those of the C
# parts. Left out is what concerns diagnostics, which cgo's own files do not pass, and what would make objects that hold
# no machine code yet, which objcopy cannot handle.
function(golws_go_compiler variable)
	# CMAKE_C_COMPILER_ARG1: the rest of CC="arm-poky-linux-gcc -march=armv7 ..."
	separate_arguments(argument UNIX_COMMAND "${CMAKE_C_COMPILER_ARG1}")
	set(cc ${CMAKE_C_COMPILER} ${argument})
	if(CMAKE_C_COMPILER_TARGET AND CMAKE_C_COMPILE_OPTIONS_TARGET)
		list(APPEND cc ${CMAKE_C_COMPILE_OPTIONS_TARGET}${CMAKE_C_COMPILER_TARGET})
	endif()
	if(CMAKE_SYSROOT_COMPILE)
		list(APPEND cc --sysroot=${CMAKE_SYSROOT_COMPILE})
	elseif(CMAKE_SYSROOT)
		list(APPEND cc --sysroot=${CMAKE_SYSROOT})
	endif()
	separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
	list(FILTER flags EXCLUDE REGEX "^(-W[^alp]|-W[alp][^,]|-pedantic|-std=|-ansi|-f(no-)?lto|-flto|-ffat-lto|-fsanitize|-g|-O)")
	set(${variable} ${cc} ${flags} PARENT_SCOPE)
endfunction()

# golws_go_architecture(<macros> <variable>): Go's settings for what the compiler says it compiles for.
function(golws_go_architecture macros variable)
	set(os ${CMAKE_SYSTEM_NAME})
	string(TOLOWER "${os}" os)

	macro(defined_in_compiler name)
		string(REGEX MATCH "#define ${name} ([^\n]*)" ${name} "${macros}")
		set(${name}_value "${CMAKE_MATCH_1}")
	endmacro()
	foreach(name __x86_64__ __ILP32__ __i386__ __aarch64__ __AARCH64EB__ __arm__ __ARMEB__ __ARM_ARCH __ARM_FP
			__riscv __riscv_xlen __powerpc64__ __LITTLE_ENDIAN__ __s390x__ __loongarch64)
		defined_in_compiler(${name})
	endforeach()

	set(settings "")
	set(arch "")
	if(__x86_64__ AND NOT __ILP32__)
		set(arch amd64)
	elseif(__i386__)
		set(arch 386)
	elseif(__aarch64__ AND NOT __AARCH64EB__ AND NOT __ILP32__)
		set(arch arm64)
	elseif(__arm__ AND NOT __ARMEB__)
		set(arch arm)
		set(arm 7)
		if(__ARM_ARCH_value LESS 7)
			set(arm ${__ARM_ARCH_value})
		endif()
		# about the instructions that Go may use; what it exchanges with C needs no floating point
		if(NOT __ARM_FP)
			string(APPEND arm ",softfloat")
		elseif(arm LESS 6)
			string(APPEND arm ",hardfloat")
		endif()
		list(APPEND settings GOARM=${arm})
	elseif(__riscv AND __riscv_xlen_value EQUAL 64)
		set(arch riscv64)
	elseif(__powerpc64__ AND __LITTLE_ENDIAN__)
		set(arch ppc64le)
	elseif(__s390x__)
		set(arch s390x)
	elseif(__loongarch64)
		set(arch loong64)
	else()
		message(FATAL_ERROR "golws: Go cannot build a C archive for what ${CMAKE_C_COMPILER} compiles for "
			"(${CMAKE_SYSTEM_NAME} ${CMAKE_SYSTEM_PROCESSOR}). It can for x86, ARM, RISC-V 64, POWER little-endian, "
			"s390x and LoongArch.")
	endif()
	set(golws_goarch ${arch} PARENT_SCOPE)
	set(${variable} GOOS=${os} GOARCH=${arch} ${settings} PARENT_SCOPE)
endfunction()

macro(golws_go_target)
	golws_go_compiler(GOLWS_MACHINE_CC)
	file(WRITE ${PROJECT_BINARY_DIR}/CMakeFiles/golws_empty.c "")
	execute_process(COMMAND ${GOLWS_MACHINE_CC} -dM -E ${PROJECT_BINARY_DIR}/CMakeFiles/golws_empty.c
		OUTPUT_VARIABLE golws_macros ERROR_VARIABLE golws_error RESULT_VARIABLE golws_result)
	if(NOT golws_result EQUAL 0)
		list(JOIN GOLWS_MACHINE_CC " " golws_command)
		message(FATAL_ERROR "golws asks the C compiler for its macros (-dM -E), which failed:\n"
			"${golws_command}\n${golws_error}")
	endif()
	golws_go_architecture("${golws_macros}" golws_go_environment)
	list(APPEND golws_go_environment ${GOLWS_GO_ENVIRONMENT})
	list(JOIN golws_go_environment " " golws_command)
	message(STATUS "Go target: ${golws_command}")
endmacro()
