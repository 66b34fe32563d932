/*
 * The Go runtime inside a C process: when it starts, and when it must not be used.
 *
 * The runtime is not started when the library is loaded. It starts on the first call that needs it, so that a
 * program may still fork (daemonize) before, and so that a program that never uses the library pays nothing.
 */
#ifndef GOLWS_RUNTIME_H
#define GOLWS_RUNTIME_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Nonzero in a process that was forked after the runtime had started. Only the forking thread exists there, so a
 * call into Go could wait for ever. Read it through golws_runtime_usable().
 */
extern int golws_runtime_forked;

/* Logs once per process why the library cannot be used here; always 0. */
int golws_runtime_refuse(void);

/*
 * Nonzero when calls into Go are allowed. To be asked before taking any lock of the library: in a forked child a lock
 * may be held by a thread that does not exist.
 */
static inline int golws_runtime_usable(void)
{
	return __builtin_expect(!golws_runtime_forked, 1) || golws_runtime_refuse();
}

/*
 * Starts the Go runtime unless it runs already, and returns when Go code can be called. 0, or -1 in a forked child
 * (logged). Any thread may call it, several at the same time too; it is not for signal handlers.
 *
 * The process keeps its limit of open files and its signal dispositions, except that Go handles the synchronous signals
 * (SIGSEGV, ...) and SIGURG. It passes on to an earlier handler what is not its own, and where there is none a fault in
 * C code ends the process by the signal. Signals that a thread blocks stay blocked, but for SIGURG.
 */
int golws_runtime_start(void);

/*
 * Adds SA_ONSTACK to signal handlers which a program has installed without it since the last look. A handler without
 * the flag that interrupts Go code would run on a goroutine's stack and write over the memory below it. Cheap enough
 * for every lws_service(): it looks at the clock first and does its work a few times a second.
 */
void golws_runtime_check_signal_handlers(void);

/* SIGPIPE becomes ignored, unless the program has a handler of its own for it. */
void golws_runtime_ignore_sigpipe(void);

#ifdef __cplusplus
}
#endif

#endif
