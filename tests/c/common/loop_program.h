/*
 * One program over each kind of event loop: a WebSocket server and its client in one context, timers of the library
 * beside those of the loop, connections that close in several ways, and every way to end.
 */
#ifndef TESTS_COMMON_LOOP_PROGRAM_H
#define TESTS_COMMON_LOOP_PROGRAM_H

#include <libwebsockets.h>

/* What a test says of its loop. */
struct loop_ops {
	const char *name;
	uint64_t option;

	/* A loop of the program's own; the end fails the test where anything is left in it. */
	void *(*create)(void);
	void (*destroy)(void *loop);
	/* Calls tick every few milliseconds from inside of the loop, until it is stopped. */
	void (*run)(void *loop, void (*tick)(void *loop));
	void (*stop)(void *loop);

	/* The library can make such a loop and run it. */
	int can_be_ours;
	/* It ends by SIGINT and SIGTERM where the program has no signal_cb. */
	int has_signals;
	/* foreign_loops is not what the program hands over. */
	int no_foreign_loops;
};

extern const struct loop_ops *loop_ops;

/* The program's context, NULL while there is none. */
struct lws_context **loop_program_context(void);

/* What a test wants to hear of the program's callbacks; tests that want nothing do not define it. */
void loop_program_callback(struct lws *wsi, enum lws_callback_reasons reason, void *in) __attribute__((weak));

/* The cases, to be named in TEST_MAIN. */
void loop_echo_timer_close(void);
void loop_goes_on_after_the_context(void);
void loop_destroy_in_a_callback(void);
void loop_destroy_before_it_runs(void);
void loop_second_context_on_the_same_loop(void);
void loop_of_the_library(void);
void loop_of_the_library_signal(void);
void loop_of_the_library_signal_callback(void);
void loop_of_the_library_cancelled(void);
void loop_of_the_library_never_run(void);
void loop_threads(void);

#define LOOP_CASES                                                                                 \
	{ "echo, timer, close", loop_echo_timer_close },                                           \
	{ "the loop goes on after the context", loop_goes_on_after_the_context },                  \
	{ "destroy in a callback", loop_destroy_in_a_callback },                                   \
	{ "destroy before it runs", loop_destroy_before_it_runs },                                 \
	{ "a second context on the same loop", loop_second_context_on_the_same_loop },             \
	{ "a loop of the library", loop_of_the_library },                                          \
	{ "a loop of the library: signal", loop_of_the_library_signal },                           \
	{ "a loop of the library: signal_cb", loop_of_the_library_signal_callback },               \
	{ "a loop of the library: cancelled", loop_of_the_library_cancelled },                     \
	{ "a loop of the library that never runs", loop_of_the_library_never_run },                \
	{ "several service threads", loop_threads },

#endif
