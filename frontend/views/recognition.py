"""The page for producers who want a product recognised: the steps and who decides."""

from django.shortcuts import render

from geodata.page_cache import cached_page
from products.ocop.models import EXPIRING_DAYS, RATING_MONTHS

# Part of the page → the public pages that state what it states; it states nothing else.
SOURCES = {
    # Decision 1489/QĐ-TTg of 6 July 2025: the commune receives, the province decides.
    "levels": [
        "https://sinhthainongnghiep.net.vn/"
        "quyet-dinh-moi-ve-ocop-thong-nhat-hai-cap-danh-gia-san-pham-a33455.html",
        "https://thiennhienmoitruong.vn/"
        "sua-doi-bo-sung-quy-dinh-danh-gia-phan-hang-san-pham-ocop.html",
    ],
    "council": [
        "https://baophutho.vn/danh-gia-phan-hang-san-pham-ocop-cap-tinh-dot-1-nam-2025-243464.htm",
    ],
    # Certificates hold for 36 months; products may be assessed and upgraded at any time.
    "term": [
        "https://danang.gov.vn/web/san-pham-ocop/danh-muc-cd/chi-tiet?id=4782&_c=94677574",
    ],
    # The issuer notifies 30 days before the end; then the dossier is submitted again.
    "again": ["https://doanhnghiepvadoisong.com.vn/print-3767.html"],
    "revoked": [
        "https://vietnam.vn/ko/dong-thap-gan-50-san-pham-bi-thu-hoi-giay-chung-nhan-san-pham-ocop",
    ],
    # Decision 148/QĐ-TTg of 2023: three stars were given by districts.
    "district": [
        "https://congnghieptieudung.vn/"
        "san-pham-ocop-hang-3-sao-do-ubnd-huyen-danh-gia-phan-hang-cap-giay-chung-nhan-dt40883",
    ],
}


@cached_page()
def recognition(request, revision):
    """How a product is recognised under the OCOP programme, step by step."""
    return render(
        request,
        "frontend/recognition.html",
        {"sources": SOURCES, "months": RATING_MONTHS, "days": EXPIRING_DAYS},
    )
