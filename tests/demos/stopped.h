// tests/demos/stopped.h: programs that run beside the test, and are stopped or killed
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weft::demo_test {

/// The only run below `runs` of the demo that the program's name says; empty before there is one.
std::filesystem::path run_in(const std::filesystem::path& runs, const std::string& program);

/// The program beside us, with the signals a terminal's program has; its stderr goes to a file.
pid_t start_program(const std::string& program, const std::vector<std::string>& arguments,
                    const std::filesystem::path& err);

/// Words as run_program takes them.
std::string joined(const std::vector<std::string>& words);

/// Lets the program run until its metrics.jsonl has so many lines, then sends it the signals and waits for its end: how
/// that was, as waitpid says it. Nothing when it had ended before.
std::optional<int> hit_at_line(pid_t child, const std::filesystem::path& runs, const std::string& program,
                               int64_t lines, const std::vector<int>& signals);

/// `files` of two run folders hold the same bytes, and their metrics the same numbers.
void check_same_results(const std::filesystem::path& a, const std::filesystem::path& b,
                        const std::vector<std::string>& files);

/// Does `work`, which must leave every file of the run folder as it was, and make none: a run that is refused has lost
/// nothing.
void check_left_as_it_was(const std::filesystem::path& run, const std::function<void()>& work);

/// Runs the program with `arguments` to its end, then again, hit by SIGINT, SIGTERM or SIGKILL after its first step,
/// after its first and a later validation and in the midst of its last model, and resumed: all must come to the same
/// results.
void check_goes_on(const std::string& program, const std::vector<std::string>& arguments,
                   const std::vector<std::string>& files);

/// Stops the program, which validates after its first step and then tests on much, in that test: it must not go on to
/// the test's end, and say how to go on.
void check_stops_in_test(const std::string& program, const std::vector<std::string>& arguments);

/// Runs the program with `arguments` and a learning rate far too large: it must exit 3, name the step and the op
/// whose result was the first that is not finite, or the entry of a checkpoint that was not, with the index in it, and
/// leave a checkpoint that is finite.
void check_diverges(const std::string& program, const std::vector<std::string>& arguments);

/// Resumes a copy of `run` whose newest checkpoint is lost, and with it the model file `last`: the end is done again
/// and must come to the same `files`.
void check_goes_back(const std::string& program, const std::filesystem::path& run, const std::string& last,
                     const std::vector<std::string>& files);

}  // namespace weft::demo_test
