/*
 * Memory of the C parts. It comes from the function of lws_set_allocator() if the program set one.
 */
#ifndef GOLWS_ALLOCATE_H
#define GOLWS_ALLOCATE_H

#include <stddef.h>

/* As realloc(), also with ptr NULL. Size 0 frees and returns NULL. */
void *golws_realloc(void *ptr, size_t size, const char *reason);

/* As calloc() of one. */
void *golws_zalloc(size_t size, const char *reason);

/* As free(). */
void golws_free(void *ptr);

/* As strdup(). */
char *golws_strdup(const char *text, const char *reason);

#endif
