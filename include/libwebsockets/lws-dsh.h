#ifndef GOLWS_LWS_DSH_H
#define GOLWS_LWS_DSH_H

/** \defgroup dsh Several queues in one buffer
 *
 * A struct lws_dsh is one buffer of a fixed size that holds any number of queues of objects of any length, for
 * instance packets that wait to be sent to different places. Each queue is called a kind and has a number from 0.
 * Within a kind objects leave in the order they came; the kinds are independent of each other. So the memory that
 * waiting data can take has one limit for all of them together.
 *
 * Buffers that are in one list help each other: an object that does not fit into its own is put into another, and
 * that is seen only in what room is left there.
 *
 * Threads: buffers of one list are used by one thread at a time.
 */
///@{

struct lws_dsh;

/**
 * lws_dsh_create() - make a buffer
 *
 * \param owner: list of buffers that help each other, which it joins at the end; NULL: it is alone
 * \param buffer_size: its size in bytes: as large as a single object may be; each further one takes 64 to 79 bytes more than its
 *	length
 * \param count_kinds: how many queues, at least 1
 *
 * Returns the buffer, which lws_dsh_destroy() frees, or NULL if there is no memory or an argument is out of range.
 */
LWS_VISIBLE LWS_EXTERN struct lws_dsh *
lws_dsh_create(lws_dll2_owner_t *owner, size_t buffer_size, int count_kinds);

/**
 * lws_dsh_destroy() - free a buffer
 *
 * \param pdsh: points to the buffer; set to NULL; nothing happens if it is NULL
 *
 * Its objects are gone, wherever they were. Objects of other buffers that were in this one move to a buffer of the
 * list that has room for them; those that fit nowhere are gone too.
 */
LWS_VISIBLE LWS_EXTERN void
lws_dsh_destroy(struct lws_dsh **pdsh);

/**
 * lws_dsh_alloc_tail() - put an object at the end of a queue
 *
 * \param dsh: the buffer
 * \param kind: the queue, from 0 to count_kinds - 1
 * \param src1: its first part, copied
 * \param size1: length of that, bytes
 * \param src2: NULL, or its second part, copied behind the first
 * \param size2: length of that, bytes; where src2 is NULL that many zeros follow the first part
 *
 * Of the free pieces that are large enough, the smallest is taken: one of this buffer if it has any, else one of another in the
 * list.
 *
 * Returns 0, or 1 if there is no room; nothing has changed then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dsh_alloc_tail(struct lws_dsh *dsh, int kind, const void *src1,
		   size_t size1, const void *src2, size_t size2);

/**
 * lws_dsh_free() - remove an object from its queue
 *
 * \param obj: points to the pointer that lws_dsh_get_head() gave; set to NULL; nothing happens if it is NULL
 */
LWS_VISIBLE LWS_EXTERN void
lws_dsh_free(void **obj);

/**
 * lws_dsh_get_size() - how much is waiting in a queue
 *
 * \param dsh: the buffer
 * \param kind: the queue
 *
 * Returns how many bytes its objects take, wherever they are, with what each of them needs beside its length.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_dsh_get_size(struct lws_dsh *dsh, int kind);

/**
 * lws_dsh_get_head() - the oldest object of a queue
 *
 * \param dsh: the buffer
 * \param kind: the queue
 * \param obj: gets a pointer to the object, aligned for any type, valid until lws_dsh_free() or until a buffer of the list is
 *	destroyed; NULL if there is none
 * \param size: gets its length in bytes; 0 if there is none
 *
 * The object stays in the queue.
 *
 * Returns 0, or 1 if the queue is empty.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dsh_get_head(struct lws_dsh *dsh, int kind, void **obj, size_t *size);

/**
 * lws_dsh_describe() - log what is in a buffer, for debugging
 *
 * \param dsh: the buffer
 * \param desc: text to begin with
 *
 * At the level LLL_INFO. Upstream has it in debug builds only.
 */
LWS_VISIBLE LWS_EXTERN void
lws_dsh_describe(struct lws_dsh *dsh, const char *desc);
///@}

#endif
