#ifndef GOLWS_LWS_STRUCT_H
#define GOLWS_LWS_STRUCT_H

/** \defgroup lws_struct C structs from and to JSON and SQLite
 *
 * A program describes the members of its structs once, in constant tables of lws_struct_map_t. With them JSON text
 * becomes structs and structs become JSON text, both piece by piece, and lists of structs are read from and written to
 * tables of SQLite.
 *
 *     struct item {
 *             lws_dll2_t list;
 *             const char *name;
 *             unsigned int weight;
 *     };
 *
 *     static const lws_struct_map_t item_map[] = {
 *             LSM_STRING_PTR(struct item, name, "name"),
 *             LSM_UNSIGNED(struct item, weight, "weight"),
 *     };
 *
 *     struct box {
 *             lws_dll2_owner_t items;
 *     };
 *
 *     static const lws_struct_map_t box_map[] = {
 *             LSM_LIST(struct box, items, struct item, list, NULL, item_map, "items"),
 *     };
 *
 *     static const lws_struct_map_t schemas[] = {
 *             LSM_SCHEMA(struct box, NULL, box_map, "com.example.box"),
 *     };
 *
 * reads and writes {"schema": "com.example.box", "items": [{"name": "a", "weight": 1}]}.
 *
 * What is read is allocated in an lwsac: one lwsac_free() frees all of it.
 */
///@{

#ifdef __has_include
#if __has_include(<sqlite3.h>)
#include <sqlite3.h>
/* With it, SQLite's own header has declared the type. */
#define GOLWS_HAVE_SQLITE3_H
#endif
#endif
#if !defined(GOLWS_HAVE_SQLITE3_H)
/** A database of SQLite, where its header is not installed. */
typedef struct sqlite3 sqlite3;
#endif

/** What an entry of a map is about. */
typedef enum {
	LSMT_SIGNED,		/**< a signed integer member of any size */
	LSMT_UNSIGNED,		/**< an unsigned integer member of any size */
	LSMT_BOOLEAN,		/**< an integer member of any size that is 0 or 1: true and false */
	LSMT_STRING_CHAR_ARRAY,	/**< a char array member with a text and its NUL */
	LSMT_STRING_PTR,	/**< a const char * member that points to a text */
	LSMT_LIST,		/**< a lws_dll2_owner_t member that has a list of structs: an array of objects */
	LSMT_CHILD_PTR,		/**< a member that points to one other struct: an object */
	LSMT_SCHEMA,		/**< a whole struct with the name of its schema, for the table at the top */
	LSMT_BLOB_PTR,		/**< a member that points to bytes: a column of a table only, the bytes are not handled */
} lws_struct_map_type_eum;

/** A piece of a long string while it is being read, used by the library. */
typedef struct lejp_collation {
	struct lws_dll2	chunks;			/**< in lws_struct_args_t.chunks_owner */
	int		len;			/**< bytes in buf */
	char		buf[LEJP_STRING_CHUNK + 1]; /**< the piece */
} lejp_collation_t;

/** A member of a struct, or a struct. Tables of it are made with the macros LSM_SIGNED() and so on. */
typedef struct lws_struct_map {
	const char			*colname;	/**< name in JSON, of the column, or of the schema */
	const struct lws_struct_map	*child_map;	/**< the members of what the member leads to, or NULL */
	lejp_callback			lejp_cb;	/**< callback that reads it, NULL: lws_struct_default_lejp_cb() */
	size_t				ofs;		/**< offset of the member in its struct; of a schema, of its lws_dll2_t */
	size_t				aux;		/**< size of the member, or of the struct that it leads to, bytes */
	size_t				ofs_clist;	/**< LSMT_LIST: offset of the lws_dll2_t in the structs of the list */
	size_t				child_map_size;	/**< number of entries of child_map */
	lws_struct_map_type_eum		type;		/**< what it is */
} lws_struct_map_t;

/** Called when a struct has been read: obj is the struct, cb_arg as in lws_struct_args_t. Nonzero stops reading. */
typedef int (*lws_struct_args_cb)(void *obj, void *cb_arg);

/** What reading JSON needs, see lws_struct_json_init_parse(). Zero it, then set map_st[0] and map_entries_st[0]. */
typedef struct lws_struct_args {
	const lws_struct_map_t		*map_st[LEJP_MAX_PARSING_STACK_DEPTH];	/**< [0]: the table of schemas; the others
										 *   are the library's */
	lws_struct_args_cb		cb;		/**< NULL, or called for each struct that is complete, the outermost last */
	struct lwsac			*ac;		/**< NULL at first; owns all that is read; free it with lwsac_free() */
	void				*cb_arg;	/**< passed to cb */
	void				*dest;		/**< gets the outermost struct; it is in ac */

	size_t				dest_len;	/**< gets its size */
	size_t				toplevel_dll2_ofs; /**< the library's */
	size_t				map_entries_st[LEJP_MAX_PARSING_STACK_DEPTH]; /**< [0]: entries of map_st[0]; the
										 *   others are the library's */
	size_t				ac_block_size;	/**< size of the pieces that ac grows by, 0: the usual one */
	int				subtype;	/**< the library's */

	int				top_schema_index; /**< gets the index in map_st[0] of the schema of the text */

	struct lwsac			*ac_chunks;	/**< the library's: a long string until its length is known */
	struct lws_dll2_owner		chunks_owner;	/**< the library's */
	size_t				chunks_length;	/**< the library's */
} lws_struct_args_t;

/**
 * LSM_SIGNED() - entry for a signed integer
 *
 * \param type: the struct
 * \param name: its member, of type signed char, short, int, long, long long or one of their size
 * \param qname: its name in JSON or SQLite
 */
#define LSM_SIGNED(type, name, qname) \
	{ qname, NULL, NULL, offsetof(type, name), sizeof(((type *)0)->name), 0, 0, LSMT_SIGNED }

/** LSM_UNSIGNED() - entry for an unsigned integer, parameters as for LSM_SIGNED() */
#define LSM_UNSIGNED(type, name, qname) \
	{ qname, NULL, NULL, offsetof(type, name), sizeof(((type *)0)->name), 0, 0, LSMT_UNSIGNED }

/** LSM_BOOLEAN() - entry for an integer that is 0 or 1, parameters as for LSM_SIGNED() */
#define LSM_BOOLEAN(type, name, qname) \
	{ qname, NULL, NULL, offsetof(type, name), sizeof(((type *)0)->name), 0, 0, LSMT_BOOLEAN }

/** LSM_CARRAY() - entry for a char array with a text, parameters as for LSM_SIGNED() */
#define LSM_CARRAY(type, name, qname) \
	{ qname, NULL, NULL, offsetof(type, name), sizeof(((type *)0)->name), 0, 0, LSMT_STRING_CHAR_ARRAY }

/** LSM_STRING_PTR() - entry for a const char * to a text, parameters as for LSM_SIGNED() */
#define LSM_STRING_PTR(type, name, qname) \
	{ qname, NULL, NULL, offsetof(type, name), sizeof(((type *)0)->name), 0, 0, LSMT_STRING_PTR }

/**
 * LSM_LIST() - entry for a list of structs
 *
 * \param ptype: the struct that has the list
 * \param pname: its member, a lws_dll2_owner_t
 * \param ctype: the structs in the list
 * \param cname: their lws_dll2_t member
 * \param lejp_cb: callback that reads one, or NULL for the usual one
 * \param cmap: array of lws_struct_map_t that describes them
 * \param qname: its name in JSON
 */
#define LSM_LIST(ptype, pname, ctype, cname, lejp_cb, cmap, qname) \
	{ qname, cmap, lejp_cb, offsetof(ptype, pname), sizeof(ctype), offsetof(ctype, cname), \
	  LWS_ARRAY_SIZE(cmap), LSMT_LIST }

/**
 * LSM_CHILD_PTR() - entry for a pointer to one other struct
 *
 * \param ptype: the struct that has the pointer
 * \param pname: the pointer
 * \param ctype: the struct that it points to
 * \param lejp_cb: callback that reads it, or NULL for the usual one
 * \param cmap: array of lws_struct_map_t that describes it
 * \param qname: its name in JSON
 */
#define LSM_CHILD_PTR(ptype, pname, ctype, lejp_cb, cmap, qname) \
	{ qname, cmap, lejp_cb, offsetof(ptype, pname), sizeof(ctype), 0, LWS_ARRAY_SIZE(cmap), LSMT_CHILD_PTR }

/**
 * LSM_SCHEMA() - entry of the table at the top: a struct with the name of its schema
 *
 * \param ctype: the struct
 * \param lejp_cb: callback that reads it, or NULL for the usual one
 * \param map: array of lws_struct_map_t that describes it
 * \param schema_name: value of "schema" in JSON, or name of the table
 */
#define LSM_SCHEMA(ctype, lejp_cb, map, schema_name) \
	{ schema_name, map, lejp_cb, 0, sizeof(ctype), 0, LWS_ARRAY_SIZE(map), LSMT_SCHEMA }

/**
 * LSM_SCHEMA_DLL2() - as LSM_SCHEMA(), for structs that are in a list
 *
 * \param ctype: the struct
 * \param cdll2mem: its lws_dll2_t member
 * \param lejp_cb: callback that reads it, or NULL for the usual one
 * \param map: array of lws_struct_map_t that describes it
 * \param schema_name: value of "schema" in JSON, or name of the table
 */
#define LSM_SCHEMA_DLL2(ctype, cdll2mem, lejp_cb, map, schema_name) \
	{ schema_name, map, lejp_cb, offsetof(ctype, cdll2mem), sizeof(ctype), 0, LWS_ARRAY_SIZE(map), LSMT_SCHEMA }

/**
 * LSM_BLOB_PTR() - entry for a column of bytes
 *
 * \param type: the struct
 * \param blobptr_name: its member that points to the bytes
 * \param qname: name of the column
 *
 * Only for lws_struct_sq3_create_table(); the program reads and writes the bytes itself.
 */
#define LSM_BLOB_PTR(type, blobptr_name, qname) \
	{ qname, NULL, NULL, offsetof(type, blobptr_name), sizeof(((type *)0)->blobptr_name), 0, 0, LSMT_BLOB_PTR }

/** Where the writing of JSON is, for one level of nesting: the library's. */
typedef struct lws_struct_serialize_st {
	const struct lws_dll2		*dllpos;	/**< the present struct in a list */
	const lws_struct_map_t		*map;		/**< the members at this level */
	const char			*obj;		/**< the struct */
	size_t				map_entries;	/**< how many members */
	size_t				map_entry;	/**< the present one */
	size_t				size;		/**< size of what is being written */
	char				subsequent;	/**< a ',' comes first */
	char				idt;		/**< indentation */
} lws_struct_serialize_st_t;

/** Flags for lws_struct_json_serialize_create(). */
enum {
	LSSERJ_FLAG_PRETTY	= (1 << 0),	/**< with line breaks and indentation */
	LSSERJ_FLAG_OMIT_SCHEMA	= (1 << 1)	/**< without "schema" */
};

/** The writing of a struct as JSON: the library's. */
typedef struct lws_struct_serialize {
	lws_struct_serialize_st_t	st[LEJP_MAX_PARSING_STACK_DEPTH];	/**< the levels */

	size_t				offset;		/**< where in a long value */
	size_t				remaining;	/**< what remains of it, bytes */

	int				sp;		/**< the innermost level */
	int				flags;		/**< LSSERJ_FLAG_... */
} lws_struct_serialize_t;

/** Results of lws_struct_json_serialize(). */
typedef enum {
	LSJS_RESULT_CONTINUE,	/**< the buffer is full, there is more */
	LSJS_RESULT_FINISH,	/**< the text is complete */
	LSJS_RESULT_ERROR	/**< a map is wrong, or nested too deeply */
} lws_struct_json_serialize_result_t;

/**
 * lws_struct_json_init_parse() - prepare a JSON parser that fills structs
 *
 * \param ctx: the parser, in the memory of the program
 * \param cb: callback that recognises the schema; NULL: lws_struct_schema_only_lejp_cb()
 * \param user: a lws_struct_args_t with map_st[0] and map_entries_st[0] set, used until the text is complete
 *
 * Then give the text to lejp_parse(); when it is complete, the struct is at dest of the lws_struct_args_t. It and all
 * that belongs to it is in its ac, also after an error.
 *
 * The text is an object whose first member is "schema". Without it, the first schema whose map has the name of the first member
 * is meant. Lists and structs can be nested up to three deep in the outermost struct.
 *
 * Returns 0.
 */
LWS_VISIBLE LWS_EXTERN int
lws_struct_json_init_parse(struct lejp_ctx *ctx, lejp_callback cb, void *user);

/**
 * lws_struct_schema_only_lejp_cb() - callback of a parser that looks for "schema" and then goes on with its struct
 *
 * \param ctx: the parser
 * \param reason: one of enum lejp_callbacks
 *
 * For lws_struct_json_init_parse(); nothing that a program calls itself. An unknown schema ends the parsing.
 *
 * Returns 0, negative to end the parsing.
 */
LWS_VISIBLE LWS_EXTERN signed char
lws_struct_schema_only_lejp_cb(struct lejp_ctx *ctx, char reason);

/**
 * lws_struct_default_lejp_cb() - callback of a parser that stores what it meets in a struct
 *
 * \param ctx: the parser
 * \param reason: one of enum lejp_callbacks
 *
 * What maps without a callback of their own use. A callback of the program's calls it for what it does not handle itself.
 *
 * Members that the map does not have are skipped, null leaves zero or NULL. An integer may also be in quotes, or true or false
 * for 1 and 0. A text that is too long for its char array is cut, at the end of a character. What else does not fit ends
 * the parsing: numbers out of range, arrays where there is no list, and so on.
 */
LWS_VISIBLE LWS_EXTERN signed char
lws_struct_default_lejp_cb(struct lejp_ctx *ctx, char reason);

/**
 * lws_struct_json_serialize_create() - begin to write a struct as JSON
 *
 * \param map: the entry of its schema, made with LSM_SCHEMA()
 * \param map_entries: 1 or more; further entries are not used
 * \param flags: LSSERJ_FLAG_... or-ed
 * \param ptoplevel: the struct; it must not change until all is written
 *
 * Returns an object that lws_struct_json_serialize_destroy() frees, or NULL if there is no memory.
 */
LWS_VISIBLE LWS_EXTERN lws_struct_serialize_t *
lws_struct_json_serialize_create(const lws_struct_map_t *map, size_t map_entries, int flags,
				 const void *ptoplevel);

/**
 * lws_struct_json_serialize_destroy() - end writing, at any time
 *
 * \param pjs: points to the object; it is freed and set to NULL
 */
LWS_VISIBLE LWS_EXTERN void
lws_struct_json_serialize_destroy(lws_struct_serialize_t **pjs);

/**
 * lws_struct_json_serialize() - write the next piece of the text
 *
 * \param js: from lws_struct_json_serialize_create()
 * \param buf: gets the piece and a NUL
 * \param len: size of buf, at least 2
 * \param written: gets the number of bytes in buf without the NUL
 *
 * Texts and pointers that are NULL and empty lists are left out.
 *
 * Returns LSJS_RESULT_CONTINUE while there is more, LSJS_RESULT_FINISH with the last piece, LSJS_RESULT_ERROR if a map is
 * wrong or the structs are nested too deeply: what was written is not complete then.
 */
LWS_VISIBLE LWS_EXTERN lws_struct_json_serialize_result_t
lws_struct_json_serialize(lws_struct_serialize_t *js, uint8_t *buf, size_t len, size_t *written);

/**
 * lws_struct_sq3_serialize() - write a list of structs to a table
 *
 * \param pdb: the database
 * \param schema: entry made with LSM_SCHEMA_DLL2(): its name is that of the table
 * \param owner: the list
 * \param manual_idx: value of "_lws_idx" of the first row; the others count up
 *
 * Each struct becomes a new row. The first unsigned member is the primary key: SQLite chooses it. Bytes are not
 * written; members that are lists or other structs are not possible.
 *
 * Returns 0 or nonzero after an error of the database.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_struct_sq3_serialize(sqlite3 *pdb, const lws_struct_map_t *schema, lws_dll2_owner_t *owner,
			 uint32_t manual_idx);

/**
 * lws_struct_sq3_deserialize() - read rows of a table into a list of structs
 *
 * \param pdb: the database
 * \param filter: NULL, or " and ..." with more conditions in SQL. It becomes part of the statement as it is: nothing
 * from
 *	outside may get into it unescaped
 * \param order: the column to order by; NULL: "_lws_idx". It becomes part of the statement as it is, likewise
 * \param schema: entry made with LSM_SCHEMA_DLL2()
 * \param o: the list, emptied first; gets the structs in the order they are read
 * \param ac: points to NULL or an lwsac; the structs are allocated in it
 * \param start: only rows whose "_lws_idx" is at least this
 * \param limit: how many rows to read at most; negative: that many, in descending order
 *
 * Returns 0 or nonzero after an error of the database.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_struct_sq3_deserialize(sqlite3 *pdb, const char *filter, const char *order,
			   const lws_struct_map_t *schema, lws_dll2_owner_t *o,
			   struct lwsac **ac, int start, int limit);

/**
 * lws_struct_sq3_create_table() - create the table for a struct, unless it is there
 *
 * \param pdb: the database
 * \param schema: entry made with LSM_SCHEMA_DLL2()
 *
 * The table has "_lws_idx" and a column for each member: integer, varchar or blob. The first integer whose name does
 * not start with '_' becomes the primary key, chosen by SQLite. Lists and other structs get no column.
 *
 * Returns 0 or nonzero after an error of the database.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_struct_sq3_create_table(sqlite3 *pdb, const lws_struct_map_t *schema);

/**
 * lws_struct_sq3_open() - open a database
 *
 * \param context: the context; the file is given to its uid and gid, if it has any, and gets mode 0600
 * \param sqlite3_path: the file
 * \param create_if_missing: nonzero: create it
 * \param pdb: gets the database
 *
 * Returns 0 or nonzero if it cannot be opened.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_struct_sq3_open(struct lws_context *context, const char *sqlite3_path, char create_if_missing,
		    sqlite3 **pdb);

/**
 * lws_struct_sq3_close() - close a database
 *
 * \param pdb: points to it; set to NULL; nothing happens if it is NULL
 *
 * Returns 0 or nonzero if it is still in use.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_struct_sq3_close(sqlite3 **pdb);
///@}

#endif
