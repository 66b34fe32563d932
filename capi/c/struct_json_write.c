/*
 * Structs as JSON. The text is made in pieces that wait in a short queue until there is room for them; strings are escaped
 * byte by byte where they are. So the output buffer may be of any size.
 */
#include <libwebsockets.h>

#include "allocate.h"

enum phase { BEGIN, MEMBER, VALUE, STRING, OBJECT_END, END };

struct piece {
	const char *text;
	size_t length;
};

struct writer {
	lws_struct_serialize_t public;	/* what the program has a pointer to; st are the levels */
	enum phase phase;
	struct piece pieces[16];
	int first, count;
	char number[24];
	const char *string;		/* what remains of the present string */
	size_t length;
};

static void add(struct writer *w, const char *text, size_t length)
{
	w->pieces[w->count].text = text;
	w->pieces[w->count++].length = length;
}

static void add_text(struct writer *w, const char *text)
{
	add(w, text, strlen(text));
}

static lws_struct_serialize_st_t *level_of(struct writer *w)
{
	return &w->public.st[w->public.sp];
}

static const lws_struct_map_t *entry_of(struct writer *w)
{
	return &level_of(w)->map[level_of(w)->map_entry];
}

static void add_line(struct writer *w)
{
	static const char spaces[] = "                ";

	if (!(w->public.flags & LSSERJ_FLAG_PRETTY))
		return;
	add_text(w, "\n");
	add(w, spaces, (size_t)level_of(w)->idt);
}

static int push(struct writer *w, const lws_struct_map_t *entry, const char *object)
{
	lws_struct_serialize_st_t *level;
	char indentation = (char)(w->public.sp ? level_of(w)->idt + 2 : 1);

	if (w->public.sp + 1 == LEJP_MAX_PARSING_STACK_DEPTH)
		return -1;
	w->public.sp++;
	level = level_of(w);
	memset(level, 0, sizeof(*level));
	level->map = entry->child_map;
	level->map_entries = entry->child_map_size;
	level->size = entry->aux;
	level->obj = object;
	level->idt = indentation;

	return 0;
}

static int begin(struct writer *w)
{
	const lws_struct_map_t *schema = w->public.st[0].map;

	if (!w->public.st[0].map_entries || schema->type != LSMT_SCHEMA || push(w, schema, w->public.st[0].obj))
		return -1;
	add_text(w, "{");
	add_line(w);
	if (!(w->public.flags & LSSERJ_FLAG_OMIT_SCHEMA)) {
		add_text(w, w->public.flags & LSSERJ_FLAG_PRETTY ? "\"schema\": \"" : "\"schema\":\"");
		add_text(w, schema->colname);
		add_text(w, "\"");
		level_of(w)->subsequent = 1;
	}
	w->phase = MEMBER;

	return 0;
}

static const char *pointer_at(const char *member)
{
	return *(const char * const *)member;
}

/* Members that are not there are left out. */
static int is_absent(const lws_struct_map_t *entry, const char *member)
{
	switch (entry->type) {
	case LSMT_STRING_PTR:
	case LSMT_CHILD_PTR:
		return !pointer_at(member);
	case LSMT_LIST:
		return !lws_dll2_get_head((lws_dll2_owner_t *)(uintptr_t)member);
	case LSMT_BLOB_PTR:
		return 1;
	default:
		return 0;
	}
}

static void member(struct writer *w)
{
	lws_struct_serialize_st_t *level = level_of(w);

	while (level->map_entry < level->map_entries && is_absent(entry_of(w), level->obj + entry_of(w)->ofs))
		level->map_entry++;
	if (level->map_entry == level->map_entries) {
		w->phase = OBJECT_END;
		return;
	}

	if (level->subsequent) {
		add_text(w, ",");
		add_line(w);
	}
	level->subsequent = 1;
	add_text(w, "\"");
	add_text(w, entry_of(w)->colname);
	add_text(w, w->public.flags & LSSERJ_FLAG_PRETTY ? "\": " : "\":");
	w->phase = VALUE;
}

static int is_integer_size(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static uint64_t unsigned_at(const char *at, size_t size)
{
	switch (size) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)(const void *)at;
	case 4:
		return *(const uint32_t *)(const void *)at;
	default:
		return *(const uint64_t *)(const void *)at;
	}
}

static int64_t signed_at(const char *at, size_t size)
{
	switch (size) {
	case 1:
		return *(const int8_t *)at;
	case 2:
		return *(const int16_t *)(const void *)at;
	case 4:
		return *(const int32_t *)(const void *)at;
	default:
		return *(const int64_t *)(const void *)at;
	}
}

static void open_object(struct writer *w)
{
	add_text(w, "{");
	add_line(w);
	w->phase = MEMBER;
}

static void begin_string(struct writer *w, const char *text, size_t length)
{
	add_text(w, "\"");
	w->string = text;
	w->length = length;
	w->phase = STRING;
}

static int value(struct writer *w)
{
	lws_struct_serialize_st_t *level = level_of(w);
	const lws_struct_map_t *entry = entry_of(w);
	const char *at = level->obj + entry->ofs;

	switch (entry->type) {
	case LSMT_SIGNED:
	case LSMT_UNSIGNED:
	case LSMT_BOOLEAN:
		if (!is_integer_size(entry->aux))
			return -1;
		if (entry->type == LSMT_BOOLEAN)
			add_text(w, unsigned_at(at, entry->aux) ? "true" : "false");
		else {
			if (entry->type == LSMT_SIGNED)
				lws_snprintf(w->number, sizeof(w->number), "%lld", (long long)signed_at(at, entry->aux));
			else
				lws_snprintf(w->number, sizeof(w->number), "%llu", (unsigned long long)unsigned_at(at, entry->aux));
			add_text(w, w->number);
		}
		level->map_entry++;
		w->phase = MEMBER;
		return 0;
	case LSMT_STRING_CHAR_ARRAY:
		begin_string(w, at, strnlen(at, entry->aux));
		return 0;
	case LSMT_STRING_PTR:
		begin_string(w, pointer_at(at), strlen(pointer_at(at)));
		return 0;
	case LSMT_LIST:
		level->dllpos = lws_dll2_get_head((lws_dll2_owner_t *)(uintptr_t)at);
		if (push(w, entry, (const char *)level->dllpos - entry->ofs_clist))
			return -1;
		add_text(w, "[");
		add_line(w);
		open_object(w);
		return 0;
	case LSMT_CHILD_PTR:
		if (push(w, entry, pointer_at(at)))
			return -1;
		open_object(w);
		return 0;
	default:
		return -1;
	}
}

static void object_end(struct writer *w)
{
	lws_struct_serialize_st_t *level;

	w->public.sp--;
	add_line(w);
	add_text(w, "}");
	level = level_of(w);
	if (!w->public.sp) {
		if (w->public.flags & LSSERJ_FLAG_PRETTY)
			add_text(w, "\n");
		w->phase = END;
		return;
	}

	if (entry_of(w)->type == LSMT_LIST) {
		const lws_struct_map_t *entry = entry_of(w);

		level->dllpos = level->dllpos->next;
		if (level->dllpos) {
			add_text(w, ",");
			add_line(w);
			push(w, entry, (const char *)level->dllpos - entry->ofs_clist);
			open_object(w);
			return;
		}
		add_line(w);
		add_text(w, "]");
	}
	level->map_entry++;
	w->phase = MEMBER;
}

/* The next run of bytes that stand for themselves, or one that has to be escaped */
static void string(struct writer *w)
{
	const unsigned char *text = (const unsigned char *)w->string;
	size_t n = 0;

	if (!w->length) {
		add_text(w, "\"");
		level_of(w)->map_entry++;
		w->phase = MEMBER;
		return;
	}
	while (n < w->length && text[n] >= ' ' && text[n] != '"' && text[n] != '\\')
		n++;
	if (n)
		add(w, w->string, n);
	else {
		char byte[2] = { w->string[0], '\0' };

		add_text(w, lws_json_purify(w->number, byte, sizeof(w->number), NULL));
		n = 1;
	}
	w->string += n;
	w->length -= n;
}

/* Makes the next pieces; nonzero if the maps are wrong. */
static int produce(struct writer *w)
{
	w->first = w->count = 0;
	switch (w->phase) {
	case BEGIN:
		return begin(w);
	case MEMBER:
		member(w);
		return 0;
	case VALUE:
		return value(w);
	case STRING:
		string(w);
		return 0;
	case OBJECT_END:
		object_end(w);
		return 0;
	default:
		return 0;
	}
}

lws_struct_serialize_t *lws_struct_json_serialize_create(const lws_struct_map_t *map, size_t map_entries, int flags,
							 const void *ptoplevel)
{
	struct writer *w = golws_zalloc(sizeof(*w), "struct writer");

	if (!w)
		return NULL;
	w->public.flags = flags;
	w->public.st[0].map = map;
	w->public.st[0].map_entries = map_entries;
	w->public.st[0].obj = ptoplevel;

	return &w->public;
}

void lws_struct_json_serialize_destroy(lws_struct_serialize_t **pjs)
{
	if (!pjs || !*pjs)
		return;
	golws_free(lws_container_of(*pjs, struct writer, public));
	*pjs = NULL;
}

lws_struct_json_serialize_result_t lws_struct_json_serialize(lws_struct_serialize_t *js, uint8_t *buf, size_t len,
							      size_t *written)
{
	struct writer *w = lws_container_of(js, struct writer, public);
	size_t used = 0;

	*written = 0;
	if (len < 2)
		return LSJS_RESULT_ERROR;

	/* the last byte is for a NUL */
	while (used < len - 1) {
		struct piece *piece = &w->pieces[w->first];
		size_t length;

		if (w->first == w->count) {
			if (w->phase == END)
				break;
			if (produce(w)) {
				buf[used] = '\0';
				*written = used;
				return LSJS_RESULT_ERROR;
			}
			continue;
		}
		length = piece->length < len - 1 - used ? piece->length : len - 1 - used;
		memcpy(buf + used, piece->text, length);
		used += length;
		piece->text += length;
		piece->length -= length;
		if (!piece->length)
			w->first++;
	}
	buf[used] = '\0';
	*written = used;

	return w->first == w->count && w->phase == END ? LSJS_RESULT_FINISH : LSJS_RESULT_CONTINUE;
}
