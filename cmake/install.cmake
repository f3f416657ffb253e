# find_package(weft) and then weft::tensor, weft::autograd, weft::nn, weft::hyper, weft::datasets.
include(CMakePackageConfigHelpers)
get_property(layers GLOBAL PROPERTY WEFT_LAYERS)
list(TRANSFORM layers PREPEND weft_ OUTPUT_VARIABLE targets)
install(TARGETS ${targets} EXPORT weft ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(layer ${layers})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${layer} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weft
          FILES_MATCHING PATTERN "*.h" PATTERN demos EXCLUDE PATTERN convert EXCLUDE PATTERN fetch EXCLUDE
                                  PATTERN program EXCLUDE)
endforeach()
# The one choice that a backend offers its users: set_gemm.
install(FILES ${PROJECT_SOURCE_DIR}/backends/cpu/cpu_backend.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weft/backends/cpu)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/weft)
install(EXPORT weft NAMESPACE weft:: FILE weft-targets.cmake DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/weft-config.cmake.in ${PROJECT_BINARY_DIR}/weft-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/weft-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/weft-config.cmake ${PROJECT_BINARY_DIR}/weft-config-version.cmake
              ${PROJECT_SOURCE_DIR}/cmake/openblas.cmake ${PROJECT_SOURCE_DIR}/cmake/libzip.cmake
        DESTINATION ${package_dir})
