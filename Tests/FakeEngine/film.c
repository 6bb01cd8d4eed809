// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the fake engine takes for a film.
#define _GNU_SOURCE
#include "film.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

static const char input_mark[] = "fake";
static const char film_mark[] = "fake-film";

struct film film_standard(void) {
    struct film film = {
        .frames = 250,
        .fps = 25,
        .width = 640,
        .height = 360,
        .has_audio = true,
        .video = "h264",
        .audio = "aac",
        .ms = 5,
    };
    const char *ms = getenv("REELWORK_FAKE_MS");
    if (ms != NULL) {
        (void)number_read(ms, &film.ms);
    }
    return film;
}

bool number_read(const char *text, long long *value) {
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0) {
        return false;
    }
    *value = number;
    return true;
}

const char *path_of(const char *name) {
    return strncmp(name, "file:", 5) == 0 ? name + 5 : name;
}

long long film_duration_us(const struct film *film) {
    return film->fps > 0 ? film->frames * 1000000 / film->fps : 0;
}

/// Takes in one FIELD=VALUE of a file; answers whether it is one that exists, with a fit value.
static bool field_apply(struct film *film, const char *name, const char *value) {
    const struct {
        const char *name;
        long long *number;
    } numbers[] = {
        {"frames", &film->frames},         {"fps", &film->fps},
        {"width", &film->width},           {"height", &film->height},
        {"ms", &film->ms},                 {"exit", &film->exit_code},
        {"crash", &film->crash_signal},    {"stall", &film->stall},
        {"truncate", &film->truncate},     {"grandchild", &film->grandchild},
        {"ignoreterm", &film->ignore_term}, {"noise", &film->noise},
    };
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index += 1) {
        if (strcasecmp(name, numbers[index].name) == 0) {
            return number_read(value, numbers[index].number);
        }
    }
    if (strcasecmp(name, "audio") == 0) {
        film->has_audio = strcmp(value, "0") != 0 && strcmp(value, "none") != 0;
        if (film->has_audio && strcmp(value, "1") != 0) {
            (void)snprintf(film->audio, sizeof film->audio, "%s", value);
        }
        return true;
    }
    if (strcasecmp(name, "video") == 0) {
        (void)snprintf(film->video, sizeof film->video, "%s", value);
        return true;
    }
    if (strcasecmp(name, "container") == 0) {
        film->is_matroska = strcmp(value, "matroska") == 0;
        return true;
    }
    // Of a film, for the eyes of tests alone.
    return strcmp(name, "duration_us") == 0 || strcmp(name, "pid") == 0 ||
        strcmp(name, "time_us") == 0;
}

static bool fields_read(char *text, struct film *film) {
    char *state = NULL;
    char *word = strtok_r(text, " \t\r\n", &state);
    if (word == NULL || (strcmp(word, input_mark) != 0 && strcmp(word, film_mark) != 0)) {
        return false;
    }
    while ((word = strtok_r(NULL, " \t\r\n", &state)) != NULL) {
        char *value = strchr(word, '=');
        if (value == NULL) {
            return false;
        }
        *value = '\0';
        if (strcmp(word, "input") == 0) {
            // The last field of a film; a name may hold spaces.
            break;
        }
        if (!field_apply(film, word, value + 1)) {
            fprintf(stderr, "fake engine: field %s=%s is not known\n", word, value + 1);
            return false;
        }
    }
    return film->fps > 0;
}

bool film_read(const char *name, struct film *film) {
    int file = open(path_of(name), O_RDONLY | O_CLOEXEC);
    char text[4096];
    ssize_t count = file < 0 ? -1 : read(file, text, sizeof text - 1);
    int error = errno;
    if (file >= 0) {
        (void)close(file);
    }
    if (count < 0) {
        fprintf(stderr, "%s: %s\n", name, strerror(error));
        return false;
    }
    text[count] = '\0';
    *film = film_standard();
    if (!fields_read(text, film)) {
        fprintf(stderr, "%s: Invalid data found when processing input\n", name);
        return false;
    }
    return true;
}

bool film_write(int file, const struct film *film, const char *input) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    int count = dprintf(
        file,
        "fake-film frames=%lld duration_us=%lld fps=%lld width=%lld height=%lld video=%s audio=%s "
        "container=%s pid=%ld time_us=%lld input=%s\n",
        film->frames, film_duration_us(film), film->fps, film->width, film->height, film->video,
        film->has_audio ? film->audio : "none", film->is_matroska ? "matroska" : "mp4",
        (long)getpid(), (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000, input);
    return count > 0;
}
