"""Our own kinds, one a file; adding a kind is adding a file and a name here, the table test reads its examples."""

from pipeline.detect.kinds.advertising_id import WebAdvertisingIdRecognizer
from pipeline.detect.kinds.coordinates import WebCoordinatesRecognizer
from pipeline.detect.kinds.credit_card import WebCardRecognizer
from pipeline.detect.kinds.date_of_birth import WebDateOfBirthRecognizer
from pipeline.detect.kinds.device_id import WebDeviceIdRecognizer, WebImeiRecognizer
from pipeline.detect.kinds.email_address import WebEmailRecognizer
from pipeline.detect.kinds.ga_client_id import WebGaClientIdRecognizer
from pipeline.detect.kinds.iban import WebIbanRecognizer
from pipeline.detect.kinds.identifier import WebIdRecognizer
from pipeline.detect.kinds.ip_address import WebIpRecognizer
from pipeline.detect.kinds.mac_address import WebMacRecognizer
from pipeline.detect.kinds.national_id import WebNationalIdRecognizer
from pipeline.detect.kinds.password import WebBasicCredentialsRecognizer, WebPasswordRecognizer
from pipeline.detect.kinds.person import WebPersonRecognizer
from pipeline.detect.kinds.phone_number import WebNationalPhoneRecognizer, WebPhoneRecognizer
from pipeline.detect.kinds.place import WebPlaceRecognizer
from pipeline.detect.kinds.street_address import WebStreetAddressRecognizer
from pipeline.detect.kinds.token import WebTokenRecognizer
from pipeline.detect.kinds.us_ssn import WebUsSsnRecognizer
from pipeline.detect.kinds.user_name import WebUserNameRecognizer
from pipeline.detect.web import WebRecognizer

RECOGNIZERS: tuple[type[WebRecognizer], ...] = (
    WebEmailRecognizer,
    WebPhoneRecognizer,
    WebNationalPhoneRecognizer,
    WebCardRecognizer,
    WebIbanRecognizer,
    WebUsSsnRecognizer,
    WebNationalIdRecognizer,
    WebPasswordRecognizer,
    WebBasicCredentialsRecognizer,
    WebTokenRecognizer,
    WebIpRecognizer,
    WebMacRecognizer,
    WebDeviceIdRecognizer,
    WebImeiRecognizer,
    WebAdvertisingIdRecognizer,
    WebGaClientIdRecognizer,
    WebCoordinatesRecognizer,
    WebPersonRecognizer,
    WebUserNameRecognizer,
    WebDateOfBirthRecognizer,
    WebStreetAddressRecognizer,
    WebPlaceRecognizer,
    WebIdRecognizer,
)

__all__ = ["RECOGNIZERS"]
