#ifndef GOLWS_DAEMONIZE_H
#define GOLWS_DAEMONIZE_H

/*
 * lws_daemonize() - go on in the background
 *
 * Not in the public header, because lws_config.h defines LWS_NO_DAEMONIZE; programs that were built where it is not
 * defined link against it. Call it before the first context is created.
 *
 * The process forks. What returns, with 0, is the child: a session leader without terminal, in /tmp, with umask 0, its
 * standard files open on /dev/null, ignoring SIGHUP and the stop signals of terminals. The parent exits with
 * status 0 when the child is so far, otherwise with another.
 *
 * lock_path, if not NULL, is a file that holds the child's process id and is removed when SIGTERM ends it. If
 * it exists and its process too, a message goes to stderr and the process exits with status 1. Returns 1 if there is no
 * memory.
 */
int lws_daemonize(const char *lock_path);

#endif
