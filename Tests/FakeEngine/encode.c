// SPDX-License-Identifier: Apache-2.0
// Reelwork: the fake ffmpeg.
#define _GNU_SOURCE
#include "film.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    /// How often a fake encode tells of its progress, at most.
    steps_max = 10,
    /// What ffmpeg exits with after a signal that it has obeyed.
    exit_by_signal = 255,
};

/// What the command line asks for.
struct task {
    const char *input;
    const char *output;
    /// -1 where no progress is asked for.
    int progress;
    bool is_input_generated;
    bool is_output_null;
    /// The film goes to standard output, as a probe of an encoder wants it.
    bool is_output_piped;
    bool overwrites;
    bool has_audio;
    bool is_matroska;
    double duration_s;
    long long frames;
    long long fps;
    long long width;
    long long height;
    const char *video;
    const char *audio;
};

static const struct {
    const char *encoder;
    const char *codec;
    char kind;
    const char *words;
} encoders[] = {
    {"libx264", "h264", 'V', "libx264 H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10"},
    {"libx265", "hevc", 'V', "libx265 H.265 / HEVC"},
    {"mpeg4", "mpeg4", 'V', "MPEG-4 part 2"},
    {"aac", "aac", 'A', "AAC (Advanced Audio Coding)"},
};

enum { encoders_count = sizeof encoders / sizeof *encoders };

// MARK: Questions

static void encoders_print(void) {
    printf(
        "Encoders:\n V..... = Video\n A..... = Audio\n S..... = Subtitle\n"
        " .F.... = Frame-level multithreading\n ..S... = Slice-level multithreading\n"
        " ...X.. = Codec is experimental\n ....B. = Supports draw_horiz_band\n"
        " .....D = Supports direct rendering method 1\n ------\n");
    for (int index = 0; index < encoders_count; index += 1) {
        printf(
            " %c....D %-20s %s (codec %s)\n", encoders[index].kind, encoders[index].encoder,
            encoders[index].words, encoders[index].codec);
    }
}

/// Answers a question that needs no input; false if the command line is not one.
static bool question_answer(int count, char **arguments) {
    for (int index = 1; index < count; index += 1) {
        const char *word = arguments[index];
        if (strcmp(word, "-version") == 0) {
            printf("ffmpeg version fake-1.0\n");
            return true;
        }
        if (strcmp(word, "-encoders") == 0) {
            encoders_print();
            return true;
        }
        if (strcmp(word, "-muxers") == 0 || strcmp(word, "-formats") == 0) {
            printf(
                "File formats:\n D. = Demuxing supported\n .E = Muxing supported\n --\n"
                "  E matroska        Matroska\n"
                "  E mp4             MP4 (MPEG-4 Part 14)\n"
                "  E null            raw null video\n");
            return true;
        }
        if (strcmp(word, "-hwaccels") == 0) {
            printf("Hardware acceleration methods:\n");
            return true;
        }
    }
    return false;
}

// MARK: The command line

/// Takes "WxH" or "W:H" wherever it stands behind `mark`, or at the start where there is no mark.
static void size_read(const char *text, const char *mark, struct task *task) {
    const char *start = mark != NULL ? strstr(text, mark) : text;
    if (start == NULL) {
        return;
    }
    start += mark != NULL ? strlen(mark) : 0;
    long long width = 0;
    long long height = 0;
    if (sscanf(start, "%lld%*[x:]%lld", &width, &height) == 2 && width > 0 && height > 0) {
        task->width = width;
        task->height = height;
    }
}

static int progress_read(const char *where) {
    int fd = STDOUT_FILENO;
    return sscanf(where, "pipe:%d", &fd) == 1 || strcmp(where, "-") == 0 ? fd : -1;
}

/// Takes in one option with its value; options that are not known count for nothing.
static void option_apply(struct task *task, const char *option, const char *value) {
    if (strcmp(option, "-progress") == 0) {
        task->progress = progress_read(value);
    } else if (strcmp(option, "-t") == 0) {
        task->duration_s = strtod(value, NULL);
    } else if (strcmp(option, "-r") == 0) {
        task->fps = strtoll(value, NULL, 10);
    } else if (strcmp(option, "-frames:v") == 0 || strcmp(option, "-vframes") == 0) {
        (void)number_read(value, &task->frames);
    } else if (strcmp(option, "-s") == 0 || strcmp(option, "-s:v") == 0) {
        size_read(value, NULL, task);
    } else if (strcmp(option, "-vf") == 0 || strcmp(option, "-filter:v") == 0) {
        size_read(value, "scale=", task);
        const char *fps = strstr(value, "fps=");
        task->fps = fps != NULL ? strtoll(fps + 4, NULL, 10) : task->fps;
    } else if (
        strcmp(option, "-c:v") == 0 || strcmp(option, "-codec:v") == 0 ||
        strcmp(option, "-vcodec") == 0) {
        task->video = value;
    } else if (
        strcmp(option, "-c:a") == 0 || strcmp(option, "-codec:a") == 0 ||
        strcmp(option, "-acodec") == 0) {
        task->audio = value;
    }
}

static struct task task_read(int count, char **arguments) {
    struct task task = {.progress = -1, .has_audio = true};
    const char *format = "";
    for (int index = 1; index < count; index += 1) {
        const char *word = arguments[index];
        bool has_value = index + 1 < count;
        if (strcmp(word, "-y") == 0) {
            task.overwrites = true;
        } else if (strcmp(word, "-an") == 0) {
            task.has_audio = false;
        } else if (strcmp(word, "-f") == 0 && has_value) {
            format = arguments[index + 1];
        } else if (strcmp(word, "-i") == 0 && has_value) {
            // An option stands before the file that it is for; the first input is the one.
            if (task.input == NULL) {
                task.input = arguments[index + 1];
                task.is_input_generated = strcmp(format, "lavfi") == 0;
            }
            format = "";
        } else if (word[0] == '-' && has_value) {
            option_apply(&task, word, arguments[index + 1]);
        }
    }
    task.output = count > 1 ? arguments[count - 1] : NULL;
    task.is_output_null = strcmp(format, "null") == 0;
    task.is_output_piped = task.output != NULL &&
        (strcmp(task.output, "pipe:1") == 0 || strcmp(task.output, "-") == 0);
    const char *ending = task.output != NULL ? strrchr(task.output, '.') : NULL;
    task.is_matroska = strcmp(format, "matroska") == 0 ||
        (format[0] == '\0' && ending != NULL && strcmp(ending, ".mkv") == 0);
    return task;
}

/// Puts the codec that an encoder makes into `codec`; false if there is no such encoder.
static bool codec_choose(const char *encoder, char kind, char *codec, size_t size) {
    if (encoder == NULL || strcmp(encoder, "copy") == 0) {
        return true;
    }
    for (int index = 0; index < encoders_count; index += 1) {
        if (encoders[index].kind == kind && strcmp(encoders[index].encoder, encoder) == 0) {
            (void)snprintf(codec, size, "%s", encoders[index].codec);
            return true;
        }
    }
    fprintf(stderr, "Unknown encoder '%s'\n", encoder);
    return false;
}

/// Makes the input's description into the output's; answers false for what ffmpeg refuses.
static bool task_apply(const struct task *task, struct film *film) {
    if (!codec_choose(task->video, 'V', film->video, sizeof film->video) ||
        !codec_choose(task->audio, 'A', film->audio, sizeof film->audio)) {
        return false;
    }
    film->has_audio = film->has_audio && task->has_audio;
    film->is_matroska = task->is_matroska;
    if (task->width > 0) {
        film->width = task->width;
        film->height = task->height;
    }
    if (task->fps > 0 && task->fps != film->fps) {
        film->frames = film->frames * task->fps / film->fps;
        film->fps = task->fps;
    }
    long long wanted = (long long)(task->duration_s * (double)film->fps + 0.5);
    if (wanted > 0 && wanted < film->frames) {
        film->frames = wanted;
    }
    if (task->frames > 0 && task->frames < film->frames) {
        film->frames = task->frames;
    }
    return true;
}

// MARK: The encode

static volatile sig_atomic_t signal_received = 0;

static void signal_note(int number) {
    signal_received = number;
}

/// Lets TERM and INT in only while it waits; answers whether one has come. -1 waits without end.
static bool wait_ms(long long ms) {
    sigset_t none;
    (void)sigemptyset(&none);
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)ppoll(NULL, 0, ms < 0 ? NULL : &time, &none);
    return signal_received != 0;
}

static void signals_prepare(bool is_ignored) {
    struct sigaction action = {.sa_handler = is_ignored ? SIG_IGN : signal_note};
    sigset_t held;
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGTERM);
    (void)sigaddset(&held, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &held, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
}

/// Leaves a process behind that ignores TERM; kind 2 is in a session of its own.
static void grandchild_start(long long kind) {
    pid_t child = fork();
    if (child == 0) {
        if (kind == 2) {
            (void)setsid();
        }
        (void)signal(SIGTERM, SIG_IGN);
        for (;;) {
            (void)pause();
        }
    }
    log_event("grandchild", (long)child, kind);
}

static void progress_print(const struct task *task, long long frame, long long fps, bool is_last) {
    if (task->progress < 0) {
        return;
    }
    long long us = frame * 1000000 / fps;
    (void)dprintf(
        task->progress,
        "frame=%lld\nfps=%lld.00\nstream_0_0_q=28.0\nbitrate= 400.0kbits/s\ntotal_size=%lld\n"
        "out_time_us=%lld\nout_time_ms=%lld\nout_time=%02lld:%02lld:%02lld.%06lld\n"
        "dup_frames=0\ndrop_frames=0\nspeed=10.0x\nprogress=%s\n",
        frame, fps * 10, frame * 100, us, us, us / 3600000000, us / 60000000 % 60,
        us / 1000000 % 60, us % 1000000, is_last ? "end" : "continue");
}

/// Says so many MiB on standard error, in lines of 64 bytes.
static void noise_make(long long mebibytes) {
    if (mebibytes > 0) {
        (void)setvbuf(stderr, NULL, _IOFBF, 64 * 1024);
    }
    for (long long line = 0; line < mebibytes * 16 * 1024; line += 1) {
        fputs("[libx264 @ 0x55d0] a warning that comes with every single frame\n", stderr);
    }
}

/// Does what the input asks for half way through; answers an exit code, or 0 to go on.
static int half_way(const struct film *film) {
    noise_make(film->noise);
    if (film->crash_signal > 0) {
        (void)signal((int)film->crash_signal, SIG_DFL);
        (void)raise((int)film->crash_signal);
    }
    if (film->exit_code > 0) {
        fprintf(stderr, "Error while encoding: Conversion failed!\n");
        return (int)film->exit_code;
    }
    if (film->stall > 0) {
        while (!wait_ms(-1)) {
        }
    }
    return 0;
}

/// Passes the time of an encode; sets the frames that were made, and answers the exit code.
static int time_pass(const struct task *task, struct film *film) {
    long long frames = film->frames;
    long long steps = frames < steps_max ? (frames > 0 ? frames : 1) : steps_max;
    for (long long step = 1; step <= steps; step += 1) {
        long long ms = film->ms * step / steps - film->ms * (step - 1) / steps;
        film->frames = frames * step / steps;
        bool is_stopped = wait_ms(ms);
        if (!is_stopped && step == (steps + 1) / 2) {
            int code = half_way(film);
            if (code != 0) {
                return code;
            }
        }
        if (is_stopped || signal_received != 0) {
            fprintf(stderr, "Exiting normally, received signal %d.\n", (int)signal_received);
            return exit_by_signal;
        }
        progress_print(task, film->frames, film->fps, step == steps);
    }
    if (film->truncate > 0) {
        film->frames = frames / 2;
    }
    if (film->truncate == 2) {
        fprintf(stderr, "Error writing trailer of %s: No space left on device\n", task->output);
    }
    if (film->truncate == 3) {
        fprintf(stderr, "[muxer] %s: No space left on device\n", task->output);
    }
    return 0;
}

static int output_open(const struct task *task) {
    const char *path = path_of(task->output);
    if (!task->overwrites && access(path, F_OK) == 0) {
        fprintf(stderr, "File '%s' already exists. Exiting.\n", path);
        return -1;
    }
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) {
        fprintf(stderr, "%s: %s\n", task->output, strerror(errno));
    }
    return file;
}

/// Writes what begins as Matroska does (RFC 8794), and is long enough to hold a frame.
static bool sample_write(void) {
    static const unsigned char sample[2048] = {0x1a, 0x45, 0xdf, 0xa3};
    return write(STDOUT_FILENO, sample, sizeof sample) == (ssize_t)sizeof sample;
}

int encode_main(int count, char **arguments) {
    if (question_answer(count, arguments)) {
        return 0;
    }
    struct task task = task_read(count, arguments);
    if (task.input == NULL || task.output == task.input) {
        fprintf(stderr, "At least one output file must be specified\n");
        return 1;
    }
    struct film film = film_standard();
    if (!task.is_input_generated && !film_read(task.input, &film)) {
        return 1;
    }
    if (!task_apply(&task, &film)) {
        return 1;
    }
    if (task.is_output_piped) {
        return sample_write() ? 0 : 1;
    }
    int file = task.is_output_null ? -1 : output_open(&task);
    if (file < 0 && !task.is_output_null) {
        return 1;
    }
    signals_prepare(film.ignore_term > 0);
    if (film.grandchild > 0) {
        grandchild_start(film.grandchild);
    }
    int code = time_pass(&task, &film);
    // Like the engine: what stops in good order leaves a film that is whole as far as it goes, and
    // what fails leaves an output that is none.
    if (file >= 0 && (code == 0 || code == exit_by_signal)) {
        if (!film_write(file, &film, task.input)) {
            fprintf(stderr, "%s: %s\n", task.output, strerror(errno));
            return 1;
        }
    }
    return code;
}
