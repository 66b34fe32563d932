/*
 * A server in a process of its own, for tests that look at a process from outside: signal it, limit it, fork in it.
 * The test itself is the client and never uses the library.
 */
#ifndef TESTS_COMMON_PROCESS_H
#define TESTS_COMMON_PROCESS_H

#include <sys/types.h>

struct process {
	pid_t pid;
	int lines; /* what the process says, one line each */
};

/* Forks; run() gets the argument, and its return value is the exit status. */
void process_start(struct process *process, int (*run)(void *argument), void *argument);

/* In the process: one number to the test. */
void process_say(long value);
/* In the test: the next number, or a failed case when the process ended or took too long. */
long process_hear(struct process *process);

/* Waits for the end and returns the wait status; kills the process and fails the case after the deadline. */
int process_wait(struct process *process);
/* The same, and requires that it returned 0. */
void process_wait_success(struct process *process);
void process_kill(struct process *process);

/* Threads, open descriptors and resident KiB of this process. */
int process_threads(void);
int process_descriptors(void);
long process_status_kib(const char *field);

/* How many times slower than usual the run may be, from TEST_SLOWNESS; 1 without. */
double process_slowness(void);

#endif
