// SPDX-License-Identifier: Apache-2.0
// Reelwork: the fake ffprobe.
#define _GNU_SOURCE
#include "film.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/// What the command line asks to be shown.
struct question {
    const char *name;
    bool wants_format;
    bool wants_streams;
    bool counts_packets;
    bool counts_frames;
};

static void json_string(const char *text) {
    putchar('"');
    for (const unsigned char *next = (const unsigned char *)text; *next != '\0'; next += 1) {
        if (*next == '"' || *next == '\\') {
            printf("\\%c", *next);
        } else if (*next < 0x20) {
            printf("\\u%04x", *next);
        } else {
            putchar(*next);
        }
    }
    putchar('"');
}

static void seconds(const char *indent, const char *key, long long us) {
    printf("%s\"%s\": \"%lld.%06lld\"", indent, key, us / 1000000, us % 1000000);
}

/// Prints the counts of a stream. Matroska stores neither a count nor a stream's duration.
static void counts(const struct question *question, const struct film *film, long long packets) {
    const char *indent = "            ";
    if (!film->is_matroska) {
        seconds(indent, "duration", film_duration_us(film));
        printf(",\n%s\"nb_frames\": \"%lld\",\n", indent, packets);
    }
    if (question->counts_frames) {
        printf("%s\"nb_read_frames\": \"%lld\",\n", indent, packets);
    }
    if (question->counts_packets) {
        printf("%s\"nb_read_packets\": \"%lld\",\n", indent, packets);
    }
    printf("%s\"start_time\": \"0.000000\"\n        }", indent);
}

static void streams(const struct question *question, const struct film *film) {
    printf("    \"streams\": [\n        {\n            \"index\": 0,\n");
    printf("            \"codec_name\": \"%s\",\n", film->video);
    printf("            \"codec_type\": \"video\",\n");
    printf("            \"width\": %lld,\n", film->width);
    printf("            \"height\": %lld,\n", film->height);
    printf("            \"pix_fmt\": \"yuv420p\",\n");
    printf("            \"r_frame_rate\": \"%lld/1\",\n", film->fps);
    printf("            \"avg_frame_rate\": \"%lld/1\",\n", film->fps);
    counts(question, film, film->frames);
    if (film->has_audio) {
        printf(",\n        {\n            \"index\": 1,\n");
        printf("            \"codec_name\": \"%s\",\n", film->audio);
        printf("            \"codec_type\": \"audio\",\n");
        printf("            \"sample_rate\": \"48000\",\n");
        printf("            \"channels\": 2,\n");
        printf("            \"r_frame_rate\": \"0/0\",\n");
        printf("            \"avg_frame_rate\": \"0/0\",\n");
        // A packet of AAC holds 1,024 samples.
        counts(question, film, film_duration_us(film) * 48 / 1024 / 1000);
    }
    printf("\n    ]");
}

static void format(const struct question *question, const struct film *film, long long size) {
    long long duration_us = film_duration_us(film);
    printf("    \"format\": {\n        \"filename\": ");
    json_string(question->name);
    printf(",\n        \"nb_streams\": %d,\n", film->has_audio ? 2 : 1);
    printf(
        "        \"format_name\": \"%s\",\n",
        film->is_matroska ? "matroska,webm" : "mov,mp4,m4a,3gp,3g2,mj2");
    printf("        \"start_time\": \"0.000000\",\n");
    seconds("        ", "duration", duration_us);
    printf(",\n        \"size\": \"%lld\",\n        \"probe_score\": 100\n    }", size);
}

static struct question question_read(int count, char **arguments) {
    struct question question = {0};
    for (int index = 1; index < count; index += 1) {
        const char *word = arguments[index];
        if (strcmp(word, "-show_format") == 0) {
            question.wants_format = true;
        } else if (strcmp(word, "-show_streams") == 0) {
            question.wants_streams = true;
        } else if (strcmp(word, "-show_entries") == 0) {
            question.wants_format = true;
            question.wants_streams = true;
        } else if (strcmp(word, "-count_packets") == 0) {
            question.counts_packets = true;
        } else if (strcmp(word, "-count_frames") == 0) {
            question.counts_frames = true;
        }
        if (index == count - 1 || strcmp(arguments[index - 1], "-i") == 0) {
            question.name = word;
        }
    }
    return question;
}

int probe_main(int count, char **arguments) {
    for (int index = 1; index < count; index += 1) {
        if (strcmp(arguments[index], "-version") == 0) {
            printf("ffprobe version fake-1.0\n");
            return 0;
        }
    }
    struct question question = question_read(count, arguments);
    if (question.name == NULL) {
        fprintf(stderr, "You have to specify one input file.\n");
        return 1;
    }
    struct film film;
    struct stat facts;
    if (!film_read(question.name, &film) || stat(path_of(question.name), &facts) != 0) {
        printf("{\n\n}\n");
        return 1;
    }
    printf("{\n");
    if (question.wants_streams) {
        streams(&question, &film);
    }
    if (question.wants_streams && question.wants_format) {
        printf(",\n");
    }
    if (question.wants_format) {
        format(&question, &film, (long long)facts.st_size);
    }
    printf("\n}\n");
    return 0;
}
