/*
 * Not thread-local variables: Go's own makes all of the library's come out of the little memory that glibc has in
 * reserve for libraries that are loaded by dlopen, 512 bytes for all of a process.
 */
#include "scratch.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int have_key;

static void make_key(void)
{
	have_key = !pthread_key_create(&key, free);
}

struct golws_scratch *golws_scratch(void)
{
	static struct golws_scratch shared;
	struct golws_scratch *scratch = NULL;

	pthread_once(&once, make_key);
	if (!have_key)
		return &shared;
	scratch = pthread_getspecific(key);
	if (!scratch) {
		scratch = calloc(1, sizeof(*scratch));
		if (scratch && pthread_setspecific(key, scratch)) {
			free(scratch);
			scratch = NULL;
		}
	}

	return scratch ? scratch : &shared;
}
