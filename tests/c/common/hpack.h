/* Header compression of HTTP/2 (RFC 7541), as far as a test's client needs it: everything is decoded, little is encoded. */
#ifndef TESTS_COMMON_HPACK_H
#define TESTS_COMMON_HPACK_H

#include <stddef.h>
#include <stdint.h>

#define HPACK_STATIC 61

struct hpack_field {
	const char *name, *value;
};
extern const struct hpack_field hpack_static[HPACK_STATIC];

struct hpack_code {
	uint32_t code;
	uint8_t bits;
};
extern const struct hpack_code hpack_huffman[256];

/* What was added to the dynamic table, the latest last. Nothing is evicted by size: the peer refers to what it knows. */
struct hpack_table {
	struct hpack_field *fields;
	size_t count, capacity;
};

void hpack_free(struct hpack_table *table);

/*
 * Decodes a header block and calls field for each field. Text is valid during the call. Fails the case where the block
 * is not well-formed.
 */
void hpack_decode(struct hpack_table *table, const uint8_t *block, size_t length,
		  void (*field)(void *to, const char *name, const char *value), void *to);

/* Appends a literal without indexing and without Huffman code; returns how many bytes it has. */
size_t hpack_encode(uint8_t *to, const char *name, const char *value);

#endif
