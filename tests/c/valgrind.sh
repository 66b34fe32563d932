#!/usr/bin/env bash
# Runs a C test under valgrind: the launcher of the memory checked test run (GOLWS_TEST_LAUNCHER).
#
# An error in C code or a definite leak makes the exit status 99.
set -eu

# Memcheck follows the stack pointer and takes memory below it for free. A goroutine has a stack of its own in Go's heap,
# which moves and shrinks, so what Go does on it looks wrong to memcheck although it is not. Only errors whose
# innermost frame is Go are left out: those names have a dot or a colon in them, but for a few in assembler. C names have
# none, as the checked build is not optimised and has no clones (f.part.0). Cgo's own functions between the two lay
# arguments and results on the goroutine's stack. An error in C code that Go called is still reported.
suppressions() {
	local kind name
	for kind in Addr1 Addr2 Addr4 Addr8 Addr16 Addr32 Cond Value1 Value2 Value4 Value8 Value16 Value32; do
		for name in '*.*' '*:*' memeqbody cmpbody countbody indexbytebody aeshashbody gogo gcWriteBarrier \
			gosave_systemstack_switch callRet '_expand_key_*' '_cgoexp_*' '_cgo_*_Cfunc_*' 'crosscall2*'; do
			printf '{\n   go\n   Memcheck:%s\n   fun:%s\n}\n' "$kind" "$name"
		done
	done
	# Faults that the tests make on purpose.
	printf '{\n   fault of a test\n   Memcheck:Addr1\n   fun:fault_*\n}\n'
	# System calls that Go makes itself, with buffers on a goroutine's stack. In the name of a parameter memcheck knows no
	# pattern, unlike in those of functions.
	for kind in 'read(buf)' 'write(buf)' 'pread64(buf)' 'pwrite64(buf)' 'fstat(buf)' 'fstatat(buf)' 'fstatat(file_name)' \
		'statx(buf)' 'statx(filename)' 'openat(filename)' 'readlinkat(path)' 'readlinkat(buf)' 'getdents64(dirp)' \
		'uname(buf)' 'pipe2(filedes)' 'getrandom(buf)' 'getrandom(cpu)' 'clock_gettime(tp)' 'sendfile(offset)' \
		'epoll_ctl(event)' 'epoll_wait(events)' 'epoll_pwait(events)' 'futex(futex)' 'futex(timeout)' \
		'socketcall.send(msg)' 'socketcall.sendto(msg)' 'socketcall.recv(buf)' 'socketcall.recvfrom(buf)' \
		'socketcall.recvfrom(from)' 'socketcall.recvfrom(fromlen_in)' 'socketcall.recvfrom(fromlen_out)' \
		'socketcall.getsockname(name)' 'socketcall.getsockname(namelen_in)' 'socketcall.getsockname(namelen_out)' \
		'socketcall.getpeername(name)' 'socketcall.getpeername(namelen_in)' 'socketcall.getpeername(namelen_out)' \
		'socketcall.getsockopt(optval)' 'socketcall.getsockopt(optlen)' 'socketcall.getsockopt(optlen_out)' \
		'socketcall.setsockopt(optval)' 'socketcall.connect(serv_addr.sa_family)' 'sendmsg(msg)' 'recvmsg(msg)'; do
		for name in '*yscall*.*' 'runtime.*'; do
			printf '{\n   go system call\n   Memcheck:Param\n   %s\n   fun:%s\n}\n' "$kind" "$name"
		done
	done
}

# The dynamic linker's resolver saves registers far below the stack pointer. Where memcheck has taken the way from C to a
# goroutine and back for something else, that looks wrong too; so all is resolved at the start.
export LD_BIND_NOW=1

# The collector moves a goroutine to a smaller stack and makes heap of what was its stack. Memcheck still knows that memory
# as a stack's, and C code that gets a buffer there is said to read uninitialised bytes.
export GODEBUG="${GODEBUG:+$GODEBUG,}gcshrinkstackoff=1"

exec valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
	--num-callers=20 --child-silent-after-fork=no --suppressions=<(suppressions) "$@"
