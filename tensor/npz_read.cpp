// tensor/npz_read.cpp: verifies the list of a zip archive, then reads its members one after another
#include <fcntl.h>
#include <zip.h>

#include <cstdio>
#include <memory>

#include "tensor/npy_header.h"
#include "tensor/npz.h"

namespace weft {
namespace {

constexpr int64_t kLargestDeflateRatio = 1032;  // how much longer than its input deflate can get (zlib's notes)
constexpr std::string_view kSuffix = ".npy";

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Member = std::unique_ptr<zip_file_t, Discard>;

/// Takes `source`, which is null when it could not be made.
Archive open_archive(const std::string& name, zip_source_t* source, zip_error_t& error) {
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (archive != nullptr) return Archive(archive);
  const std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (source != nullptr) zip_source_free(source);
  refuse_load(name, "is no sound zip archive: {}", text);
}

/// Of every member, before one is read: sizes that can be true, and no more than is allowed.
void check_list(const std::string& name, zip_t* archive, int64_t file_bytes, const NpzLimits& limits) {
  const int64_t members = zip_get_num_entries(archive, 0);
  if (members > limits.members) refuse_load(name, "has {} members; at most {} are allowed", members, limits.members);
  uint64_t packed = 0, unpacked = 0;
  for (int64_t i = 0; i < members; ++i) {
    zip_stat_t stat;
    if (zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat) != 0)
      refuse_load(name, "member {}: {}", i, zip_strerror(archive));
    const std::string_view member = stat.name;
    if (static_cast<int64_t>(member.size()) > limits.name_bytes)
      refuse_load(name, "member {} has a name of {} bytes; at most {} are allowed", i, member.size(),
                  limits.name_bytes);
    if (!member.ends_with(kSuffix) || member.size() == kSuffix.size())
      refuse_load(name, "member '{}' is no npy file by its name", shown(member));
    if (stat.encryption_method != ZIP_EM_NONE) refuse_load(name, "member '{}' is encrypted", shown(member));
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
      refuse_load(name, "member '{}' is packed by method {}; stored and deflated are read", shown(member),
                  stat.comp_method);
    const uint64_t ratio = stat.comp_method == ZIP_CM_STORE ? 1 : kLargestDeflateRatio;
    if (__builtin_add_overflow(packed, stat.comp_size, &packed) || packed > static_cast<uint64_t>(file_bytes))
      refuse_load(name, "its members take more bytes than the file has, {}", file_bytes);
    if (stat.size / ratio > stat.comp_size)
      refuse_load(name, "member '{}' claims {} bytes, which its {} packed ones cannot hold", shown(member), stat.size,
                  stat.comp_size);
    unpacked += stat.size;
    if (unpacked > static_cast<uint64_t>(limits.unpacked_bytes))
      refuse_load(name, "its members unpack to more than {} bytes; hint: NpzLimits::unpacked_bytes",
                  limits.unpacked_bytes);
  }
}

/// A member as a source that is read from begin to end.
Source source_of(zip_file_t* member, const std::string& name, uint64_t bytes) {
  return {name, static_cast<int64_t>(bytes), [member, name](int64_t, std::byte* to, int64_t count) {
            while (count > 0) {
              const zip_int64_t got = zip_fread(member, to, static_cast<zip_uint64_t>(count));
              if (got < 0) refuse_load(name, "cannot be unpacked: {}", zip_file_strerror(member));
              if (got == 0) refuse_load(name, "ends before the size that it claims");
              to += got;
              count -= got;
            }
          }};
}

/// The checksum is compared when the end is reached.
void check_end(zip_file_t* member, const std::string& name) {
  std::byte more;
  const zip_int64_t got = zip_fread(member, &more, 1);
  if (got < 0) refuse_load(name, "cannot be unpacked: {}", zip_file_strerror(member));
  if (got > 0) refuse_load(name, "goes on behind the size that it claims");
}

TensorMap read_archive(const std::string& name, zip_t* archive, int64_t file_bytes, Device device,
                       const NpzLimits& limits) {
  if (file_bytes == 0) refuse_load(name, "is no sound zip archive: it is empty");  // libzip would make a new one of it
  check_list(name, archive, file_bytes, limits);
  TensorMap tensors;
  const int64_t members = zip_get_num_entries(archive, 0);
  for (int64_t i = 0; i < members; ++i) {
    zip_stat_t stat;
    zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat);
    const Member member(zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0));
    const std::string where = fmt::format("{}/{}", name, shown(stat.name));
    if (member == nullptr) refuse_load(where, "cannot be unpacked: {}", zip_strerror(archive));
    const std::string_view key =
        std::string_view(stat.name).substr(0, std::string_view(stat.name).size() - kSuffix.size());
    const Tensor tensor =
        read_npy(source_of(member.get(), where, stat.size), device, {.header_bytes = limits.header_bytes});
    check_end(member.get(), where);
    if (!tensors.emplace(key, tensor).second) refuse_load(name, "has two members '{}'", shown(stat.name));
  }
  return tensors;
}

}  // namespace

TensorMap load_npz(const std::filesystem::path& path, Device device, const NpzLimits& limits) {
  const PlainFile file(path);
  const int copy = ::fcntl(file.file.descriptor(), F_DUPFD_CLOEXEC, 0);  // else a child process would inherit it
  std::FILE* stream = copy < 0 ? nullptr : ::fdopen(copy, "rb");
  if (stream == nullptr) refuse_load(file.name, "cannot read: {}", system_error_text());
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_filep_create(stream, 0, -1, &error);
  if (source == nullptr) std::fclose(stream);  // else it belongs to the source
  const Archive archive = open_archive(file.name, source, error);
  return read_archive(file.name, archive.get(), file.bytes, device, limits);
}

TensorMap parse_npz(std::span<const std::byte> bytes, std::string_view name, Device device, const NpzLimits& limits) {
  zip_error_t error;
  zip_error_init(&error);
  const std::string file(name);
  const Archive archive = open_archive(file, zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), error);
  return read_archive(file, archive.get(), static_cast<int64_t>(bytes.size()), device, limits);
}

}  // namespace weft
