#include <libwebsockets.h>

#include <malloc.h>
#include <stdatomic.h>

#include "allocate.h"

typedef void *(*allocator)(void *ptr, size_t size, const char *reason);

static _Atomic size_t allocated;

static void *system_allocator(void *ptr, size_t size, const char *reason)
{
	size_t before = ptr ? malloc_usable_size(ptr) : 0;
	void *now;

	(void)reason;

	if (!size) {
		atomic_fetch_sub_explicit(&allocated, before, memory_order_relaxed);
		free(ptr);

		return NULL;
	}

	now = realloc(ptr, size);
	if (now)
		atomic_fetch_add_explicit(&allocated, malloc_usable_size(now) - before, memory_order_relaxed);

	return now;
}

static _Atomic(allocator) current = system_allocator;

void *golws_realloc(void *ptr, size_t size, const char *reason)
{
	return atomic_load_explicit(&current, memory_order_acquire)(ptr, size, reason);
}

void *golws_zalloc(size_t size, const char *reason)
{
	void *ptr = golws_realloc(NULL, size, reason);

	if (ptr)
		memset(ptr, 0, size);

	return ptr;
}

void golws_free(void *ptr)
{
	if (ptr)
		golws_realloc(ptr, 0, "free");
}

char *golws_strdup(const char *text, const char *reason)
{
	size_t size = strlen(text) + 1;
	char *copy = golws_realloc(NULL, size, reason);

	if (copy)
		memcpy(copy, text, size);

	return copy;
}

void *lws_realloc(void *ptr, size_t size, const char *reason)
{
	return golws_realloc(ptr, size, reason);
}

void lws_set_allocator(void *(*cb)(void *ptr, size_t size, const char *reason))
{
	atomic_store_explicit(&current, cb ? cb : system_allocator, memory_order_release);
}

size_t lws_get_allocated_heap(void)
{
	return atomic_load_explicit(&allocated, memory_order_relaxed);
}
