/*
 * JSON into structs. Each struct that is being filled has a parser of its own on the stack of lejp_parser_push(); the one
 * at the bottom looks for the schema. At level n, args->map_st[n] describes the members, and ctx->pst[n].user is the
 * struct: NULL between the elements of a list.
 */
#include <libwebsockets.h>
#include <errno.h>

#include "utf8.h"

/* In st[].b: an array or object whose end pops the parser; an element of a list. */
enum { POPS = 1 << 6, ELEMENT = 1 << 5 };

static const lws_struct_map_t *entry_at(const lws_struct_args_t *args, const struct lejp_ctx *ctx, int level)
{
	uint8_t match = level == ctx->pst_sp ? ctx->path_match : ctx->pst[level].path_match;

	return match && match <= args->map_entries_st[level] ? &args->map_st[level][match - 1] : NULL;
}

/* The entry that led to the present struct or list, NULL for the outermost */
static const lws_struct_map_t *parent_entry(const lws_struct_args_t *args, const struct lejp_ctx *ctx)
{
	return ctx->pst_sp > 1 ? entry_at(args, ctx, ctx->pst_sp - 1) : NULL;
}

/*
 * Whether this is about a member of the struct itself. The path alone does not tell: what is in a member whose name is empty
 * has the path of the struct's own members.
 */
static int is_member(const struct lejp_ctx *ctx, char reason)
{
	int level = ctx->sp - (reason == LEJPCB_VAL_STR_CHUNK || reason == LEJPCB_VAL_STR_END);

	return level ? ctx->st[level - 1].b & (POPS | ELEMENT) : ctx->pst_sp == 1;
}

static void forget_chunks(lws_struct_args_t *args)
{
	lwsac_free(&args->ac_chunks);
	lws_dll2_owner_clear(&args->chunks_owner);
	args->chunks_length = 0;
}

static int push(struct lejp_ctx *ctx, lws_struct_args_t *args, const lws_struct_map_t *entry, void *object)
{
	lejp_callback callback = entry->lejp_cb ? entry->lejp_cb : lws_struct_default_lejp_cb;
	size_t count = entry->child_map_size > 254 ? 254 : entry->child_map_size;

	/* the names in the map are the list of paths: path_stride says how far they are apart */
	if (lejp_parser_push(ctx, object, &entry->child_map[0].colname, (uint8_t)count, callback)) {
		lwsl_err("%s: %s: nested too deeply\n", __func__, entry->colname);
		return -1;
	}
	args->map_st[ctx->pst_sp] = entry->child_map;
	args->map_entries_st[ctx->pst_sp] = count;

	return 0;
}

static void *new_struct(lws_struct_args_t *args, const lws_struct_map_t *entry)
{
	return lwsac_use_zero(&args->ac, entry->aux, args->ac_block_size);
}

/* The outermost struct is of this schema. Its parser stays until the end. */
static int begin(struct lejp_ctx *ctx, lws_struct_args_t *args, const lws_struct_map_t *schema)
{
	args->dest = new_struct(args, schema);
	if (!args->dest)
		return -1;
	args->dest_len = schema->aux;
	args->top_schema_index = (int)(schema - args->map_st[0]);
	/* nobody comes back to the path that is left here */
	ctx->pst[0].ppos = 0;

	return push(ctx, args, schema, args->dest);
}

/* The first name is not "schema": the schema is the first that knows the name. */
static int begin_by_name(struct lejp_ctx *ctx, lws_struct_args_t *args)
{
	char name[LEJP_MAX_PATH];
	size_t n, m;

	strcpy(name, ctx->path);
	for (n = 0; n < args->map_entries_st[0]; n++) {
		const lws_struct_map_t *schema = &args->map_st[0][n];

		for (m = 0; m < schema->child_map_size; m++) {
			if (strcmp(schema->child_map[m].colname, name))
				continue;
			if (begin(ctx, args, schema))
				return -1;
			/* the new parser goes on in the middle of the member */
			strcpy(ctx->path, name);
			ctx->pst[ctx->pst_sp].ppos = (uint8_t)strlen(name);
			lejp_check_path_match(ctx);
			return ctx->pst[ctx->pst_sp].callback(ctx, LEJPCB_PAIR_NAME);
		}
	}
	lwsl_notice("%s: no schema has %s\n", __func__, name);

	return -1;
}

signed char lws_struct_schema_only_lejp_cb(struct lejp_ctx *ctx, char reason)
{
	lws_struct_args_t *args = ctx->user;
	size_t n;

	switch (reason) {
	case LEJPCB_PAIR_NAME:
		return (signed char)(ctx->path_match == 1 ? 0 : begin_by_name(ctx, args));
	case LEJPCB_VAL_STR_END:
		if (ctx->path_match != 1)
			return 0;
		for (n = 0; n < args->map_entries_st[0]; n++)
			if (!strcmp(args->map_st[0][n].colname, ctx->buf))
				return (signed char)begin(ctx, args, &args->map_st[0][n]);
		lwsl_notice("%s: the map has no schema \"%s\"\n", __func__, ctx->buf);
		return -1;
	case LEJPCB_FAILED:
	case LEJPCB_DESTRUCTED:
		forget_chunks(args);
		return 0;
	case LEJPCB_ARRAY_START:
	case LEJPCB_VAL_STR_CHUNK:
		lwsl_notice("%s: an object with a schema is expected\n", __func__);
		return -1;
	default:
		return 0;
	}
}

/* Nothing, as null has it, or the digits of an integer */
static int is_integer(const char *text, size_t length)
{
	size_t sign = *text == '-';

	return !length || (length > sign && sign + strspn(text + sign, "0123456789") == length);
}

static int store_integer(const lws_struct_map_t *entry, void *member, const char *text)
{
	long long value = 0;
	char *end = "";

	errno = 0;
	if (*text)
		value = strtoll(text, &end, 10);
	if (*end || errno)
		return -1;
	if (entry->aux < 8 && entry->aux && (value < -(1LL << (entry->aux * 8 - 1)) || value >= 1LL << (entry->aux * 8 - 1)))
		return -1;

	switch (entry->aux) {
	case 1:
		*(int8_t *)member = (int8_t)value;
		return 0;
	case 2:
		*(int16_t *)member = (int16_t)value;
		return 0;
	case 4:
		*(int32_t *)member = (int32_t)value;
		return 0;
	case 8:
		*(int64_t *)member = (int64_t)value;
		return 0;
	default:
		return -1;
	}
}

static int store_unsigned(const lws_struct_map_t *entry, void *member, const char *text)
{
	unsigned long long value = 0;
	char *end = "";

	errno = 0;
	if (*text)
		value = strtoull(text, &end, 10);
	if (*end || errno || strchr(text, '-'))
		return -1;
	if (entry->aux < 8 && value >> (entry->aux * 8))
		return -1;

	switch (entry->aux) {
	case 1:
		*(uint8_t *)member = (uint8_t)value;
		return 0;
	case 2:
		*(uint16_t *)member = (uint16_t)value;
		return 0;
	case 4:
		*(uint32_t *)member = (uint32_t)value;
		return 0;
	case 8:
		*(uint64_t *)member = (uint64_t)value;
		return 0;
	default:
		return -1;
	}
}

static int keep_chunk(struct lejp_ctx *ctx, lws_struct_args_t *args)
{
	lejp_collation_t *chunk = lwsac_use_zero(&args->ac_chunks, sizeof(*chunk), sizeof(*chunk));

	if (!chunk)
		return -1;
	chunk->len = ctx->npos;
	memcpy(chunk->buf, ctx->buf, ctx->npos);
	lws_dll2_add_tail(&chunk->chunks, &args->chunks_owner);
	args->chunks_length += ctx->npos;

	return 0;
}

/* Length of what remains of a text that is cut to a limit: no character is cut in two. */
static size_t cut(const char *text, size_t limit)
{
	struct golws_utf8 utf8 = GOLWS_UTF8_START;
	size_t n, whole = 0;

	for (n = 0; n < limit; n++) {
		golws_utf8_byte(&utf8, (unsigned char)text[n]);
		if (golws_utf8_complete(&utf8))
			whole = n + 1;
	}

	return whole;
}

/* Puts the pieces of a string and what is in ctx->buf together; room is the size of to, with the NUL. */
static void collect(struct lejp_ctx *ctx, lws_struct_args_t *args, char *to, size_t room)
{
	size_t used = 0, length;

	lws_start_foreach_dll(struct lws_dll2 *, link, lws_dll2_get_head(&args->chunks_owner)) {
		lejp_collation_t *chunk = lws_container_of(link, lejp_collation_t, chunks);

		length = LWS_ARRAY_SIZE(chunk->buf) - 1;
		if ((size_t)chunk->len < length)
			length = (size_t)chunk->len;
		if (length > room - 1 - used)
			length = room - 1 - used;
		memcpy(to + used, chunk->buf, length);
		used += length;
	} lws_end_foreach_dll(link);

	length = ctx->npos;
	if (length > room - 1 - used)
		length = room - 1 - used;
	memcpy(to + used, ctx->buf, length);
	used += length;
	/* only where something was left out can the end be in the middle of a character */
	to[used == room - 1 ? cut(to, used) : used] = '\0';
	forget_chunks(args);
}

static int store(struct lejp_ctx *ctx, lws_struct_args_t *args, const lws_struct_map_t *entry, char reason)
{
	void *member = (char *)ctx->pst[ctx->pst_sp].user + entry->ofs;
	char *text;

	switch (entry->type) {
	case LSMT_SIGNED:
	case LSMT_UNSIGNED:
		if (!is_integer(ctx->buf, ctx->npos))
			return -1;
		return entry->type == LSMT_SIGNED ? store_integer(entry, member, ctx->buf) : store_unsigned(entry, member, ctx->buf);
	case LSMT_BOOLEAN:
		if (reason == LEJPCB_VAL_NUM_FLOAT || reason == LEJPCB_VAL_STR_END)
			return -1;
		return store_unsigned(entry, member, strspn(ctx->buf, "-0") == ctx->npos ? "0" : "1");
	case LSMT_STRING_CHAR_ARRAY:
		if (reason != LEJPCB_VAL_NULL && entry->aux)
			collect(ctx, args, member, entry->aux);
		return 0;
	case LSMT_STRING_PTR:
		if (reason == LEJPCB_VAL_NULL)
			return 0;
		text = lwsac_use(&args->ac, args->chunks_length + ctx->npos + 1, args->ac_block_size);
		if (!text)
			return -1;
		collect(ctx, args, text, args->chunks_length + ctx->npos + 1);
		*(char **)member = text;
		return 0;
	case LSMT_LIST:
	case LSMT_CHILD_PTR:
		return reason == LEJPCB_VAL_NULL ? 0 : -1;
	default:
		return 0;
	}
}

static int complete(lws_struct_args_t *args, void *object)
{
	return args->cb && args->cb(object, args->cb_arg) ? -1 : 0;
}

/* The next element of a list begins. */
static int begin_element(struct lejp_ctx *ctx, lws_struct_args_t *args, const lws_struct_map_t *list)
{
	char *object = new_struct(args, list);

	if (!object)
		return -1;
	lws_dll2_add_tail((lws_dll2_t *)(object + list->ofs_clist),
			  (lws_dll2_owner_t *)((char *)ctx->pst[ctx->pst_sp - 1].user + list->ofs));
	ctx->pst[ctx->pst_sp].user = object;
	ctx->st[ctx->sp].b |= ELEMENT;

	return 0;
}

static int begin_child(struct lejp_ctx *ctx, lws_struct_args_t *args, const lws_struct_map_t *entry)
{
	void *child = new_struct(args, entry);

	if (!child)
		return -1;
	*(void **)((char *)ctx->pst[ctx->pst_sp].user + entry->ofs) = child;
	ctx->st[ctx->sp].b |= POPS;

	return push(ctx, args, entry, child);
}

static int object_start(struct lejp_ctx *ctx, lws_struct_args_t *args, const lws_struct_map_t *entry)
{
	const lws_struct_map_t *parent = parent_entry(args, ctx);

	if (!ctx->pst[ctx->pst_sp].user)
		return parent && parent->type == LSMT_LIST && !ctx->path[0] ? begin_element(ctx, args, parent) : 0;
	if (!entry || entry->type == LSMT_BLOB_PTR)
		return 0;

	return entry->type == LSMT_CHILD_PTR ? begin_child(ctx, args, entry) : -1;
}

static int object_end(struct lejp_ctx *ctx, lws_struct_args_t *args)
{
	void *object = ctx->pst[ctx->pst_sp].user;
	char *bits = &ctx->st[ctx->sp].b;

	if (*bits & ELEMENT) {
		*bits &= ~ELEMENT;
		ctx->pst[ctx->pst_sp].user = NULL;
		return complete(args, object);
	}
	if (*bits & POPS) {
		*bits &= ~POPS;
		lejp_parser_pop(ctx);
		return complete(args, object);
	}

	return 0;
}

static int array_start(struct lejp_ctx *ctx, lws_struct_args_t *args, const lws_struct_map_t *entry)
{
	if (!entry || !ctx->pst[ctx->pst_sp].user || entry->type == LSMT_BLOB_PTR)
		return 0;
	if (entry->type != LSMT_LIST)
		return -1;
	ctx->st[ctx->sp].b |= POPS;

	return push(ctx, args, entry, NULL);
}

signed char lws_struct_default_lejp_cb(struct lejp_ctx *ctx, char reason)
{
	lws_struct_args_t *args = ctx->user;
	const lws_struct_map_t *entry;
	int result = 0;

	if (!ctx->pst_sp)
		return lws_struct_schema_only_lejp_cb(ctx, reason);
	entry = is_member(ctx, reason) ? entry_at(args, ctx, ctx->pst_sp) : NULL;

	switch (reason) {
	case LEJPCB_FAILED:
		forget_chunks(args);
		return 0;
	case LEJPCB_OBJECT_START:
		result = object_start(ctx, args, entry);
		break;
	case LEJPCB_OBJECT_END:
		return (signed char)object_end(ctx, args);
	case LEJPCB_COMPLETE:
		return (signed char)complete(args, args->dest);
	case LEJPCB_ARRAY_START:
		result = array_start(ctx, args, entry);
		break;
	case LEJPCB_ARRAY_END:
		if (ctx->st[ctx->sp].b & POPS) {
			ctx->st[ctx->sp].b &= ~POPS;
			lejp_parser_pop(ctx);
		}
		return 0;
	case LEJPCB_VAL_STR_CHUNK:
		if (!entry || !ctx->pst[ctx->pst_sp].user)
			return 0;
		if (entry->type == LSMT_STRING_PTR || (entry->type == LSMT_STRING_CHAR_ARRAY && args->chunks_length < entry->aux))
			return (signed char)keep_chunk(ctx, args);
		result = entry->type == LSMT_STRING_CHAR_ARRAY || entry->type == LSMT_BLOB_PTR ? 0 : -1;
		break;
	default:
		if ((reason & LEJP_FLAG_CB_IS_VALUE) && entry && ctx->pst[ctx->pst_sp].user)
			result = store(ctx, args, entry, reason);
		break;
	}
	if (result)
		lwsl_notice("%s: the value of %s does not fit\n", __func__, entry ? entry->colname : ctx->path);

	return (signed char)result;
}

int lws_struct_json_init_parse(struct lejp_ctx *ctx, lejp_callback cb, void *user)
{
	static const char * const schema[] = { "schema" };

	lejp_construct(ctx, cb ? cb : lws_struct_schema_only_lejp_cb, user, schema, 1);
	ctx->path_stride = sizeof(lws_struct_map_t);

	return 0;
}
