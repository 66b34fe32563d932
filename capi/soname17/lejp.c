/*
 * The JSON parser again, for the struct lejp_ctx of 4.1.6, which has room for fewer arrays inside one another. That is
 * the only difference of the two, and the parser works in that struct alone.
 */
#define LEJP_MAX_INDEX_DEPTH 5

#define lejp_parse golws_4_1_lejp_parse
#define lejp_construct golws_4_1_lejp_construct
#define lejp_destruct golws_4_1_lejp_destruct
#define lejp_change_callback golws_4_1_lejp_change_callback
#define lejp_parser_push golws_4_1_lejp_parser_push
#define lejp_parser_pop golws_4_1_lejp_parser_pop
#define lejp_check_path_match golws_4_1_lejp_check_path_match
#define lejp_get_wildcard golws_4_1_lejp_get_wildcard

#include "../c/lejp.c"

#include "interface_4_1.h"

_Static_assert(LEJP_MAX_INDEX_DEPTH == GOLWS_4_1_LEJP_MAX_INDEX_DEPTH, "the layout that is tested");
