#include "hpack.h"
#include "check.h"

#include <stdlib.h>

struct reader {
	const uint8_t *at, *end;
};

void hpack_free(struct hpack_table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++) {
		free((char *)table->fields[i].name);
		free((char *)table->fields[i].value);
	}
	free(table->fields);
	memset(table, 0, sizeof(*table));
}

/* section 5.1 */
static size_t integer(struct reader *r, int prefix)
{
	size_t limit = ((size_t)1 << prefix) - 1, value;
	int shift = 0;

	REQUIRE(r->at < r->end);
	value = *r->at++ & limit;
	if (value < limit)
		return value;
	do {
		REQUIRE(r->at < r->end && shift < 28);
		value += (size_t)(*r->at & 0x7f) << shift;
		shift += 7;
	} while (*r->at++ & 0x80);
	return value;
}

static size_t put_integer(uint8_t *to, int prefix, uint8_t first, size_t value)
{
	size_t limit = ((size_t)1 << prefix) - 1, n = 1;

	if (value < limit) {
		*to = (uint8_t)(first | value);
		return 1;
	}
	*to = (uint8_t)(first | limit);
	for (value -= limit; value >= 0x80; value >>= 7)
		to[n++] = (uint8_t)(value | 0x80);
	to[n++] = (uint8_t)value;
	return n;
}

static char *huffman(const uint8_t *from, size_t length)
{
	char *text = malloc(length * 2 + 1); /* no code has fewer than 5 bits */
	uint32_t code = 0;
	size_t n = 0, i;
	int bits = 0, bit, c;

	REQUIRE(text != NULL);
	for (i = 0; i < length; i++)
		for (bit = 7; bit >= 0; bit--) {
			code = code << 1 | (from[i] >> bit & 1);
			bits++;
			for (c = 0; bits >= 5 && c < 256; c++)
				if (hpack_huffman[c].bits == bits && hpack_huffman[c].code == code) {
					text[n++] = (char)c;
					code = 0;
					bits = 0;
					break;
				}
		}
	CHECK(bits < 8 && code == ((uint32_t)1 << bits) - 1); /* the padding */
	text[n] = '\0';
	return text;
}

/* section 5.2; to be freed */
static char *string(struct reader *r)
{
	bool coded;
	size_t length;
	char *text;

	REQUIRE(r->at < r->end);
	coded = *r->at & 0x80;
	length = integer(r, 7);
	REQUIRE(length <= (size_t)(r->end - r->at));
	if (coded) {
		text = huffman(r->at, length);
	} else {
		text = malloc(length + 1);
		REQUIRE(text != NULL);
		memcpy(text, r->at, length);
		text[length] = '\0';
	}
	r->at += length;
	return text;
}

static const struct hpack_field *lookup(const struct hpack_table *table, size_t index)
{
	REQUIRE(index > 0 && index <= HPACK_STATIC + table->count);
	if (index <= HPACK_STATIC)
		return &hpack_static[index - 1];
	return &table->fields[table->count - (index - HPACK_STATIC)];
}

static void add(struct hpack_table *table, const char *name, const char *value)
{
	if (table->count == table->capacity) {
		table->capacity = table->capacity * 2 + 16;
		table->fields = realloc(table->fields, table->capacity * sizeof(*table->fields));
		REQUIRE(table->fields != NULL);
	}
	table->fields[table->count].name = strdup(name);
	table->fields[table->count++].value = strdup(value);
}

void hpack_decode(struct hpack_table *table, const uint8_t *block, size_t length,
		  void (*field)(void *to, const char *name, const char *value), void *to)
{
	struct reader r = { block, block + length };

	while (r.at < r.end) {
		const struct hpack_field *known;
		uint8_t first = *r.at;
		char *name, *value;
		size_t index;

		if (first & 0x80) {
			known = lookup(table, integer(&r, 7));
			field(to, known->name, known->value);
			continue;
		}
		if ((first & 0xe0) == 0x20) {
			integer(&r, 5); /* the table's size */
			continue;
		}
		index = integer(&r, first & 0x40 ? 6 : 4);
		name = index ? strdup(lookup(table, index)->name) : string(&r);
		value = string(&r);
		field(to, name, value);
		if (first & 0x40)
			add(table, name, value);
		free(name);
		free(value);
	}
}

size_t hpack_encode(uint8_t *to, const char *name, const char *value)
{
	size_t n = 1, length = strlen(name);

	to[0] = 0;
	n += put_integer(to + n, 7, 0, length);
	memcpy(to + n, name, length);
	n += length;
	length = strlen(value);
	n += put_integer(to + n, 7, 0, length);
	memcpy(to + n, value, length);
	return n + length;
}
