# weft_embed(FILE OUTPUT FUNCTION HEADER): a C++ source whose `std::string_view weft::demo::FUNCTION()` is FILE's bytes.
function(weft_embed file output function header)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  file(CONFIGURE OUTPUT ${output} CONTENT "#include \"@header@\"
namespace weft::demo {
static const unsigned char bytes[] = {@bytes@};
std::string_view @function@() { return {reinterpret_cast<const char*>(bytes), sizeof bytes}; }
}  // namespace weft::demo
" @ONLY)
endfunction()
